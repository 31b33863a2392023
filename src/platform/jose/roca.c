#include "platform/jose/internal.h"

/* Such a modulus is a power of 65537 modulo every small prime (Nemec and others, "The Return of
 * Coppersmith's Attack", 2017, section 2.2). One of another maker is that with these primes in
 * fewer than one of 10^8 cases. */
static const unsigned primes[] = {
    3,  5,  7,  11, 13, 17, 19,  23,  29,  31,  37,  41,  43,  47,  53,  59,  61,  67,  71,
    73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
};

static unsigned remainder_of(struct slice modulus, unsigned prime)
{
    unsigned rest = 0;
    for (size_t i = 0; i < modulus.len; i++)
        rest = (rest * 256 + (unsigned char)modulus.data[i]) % prime;
    return rest;
}

static bool is_power(unsigned rest, unsigned prime)
{
    unsigned power = 1;
    do {
        if (power == rest)
            return true;
        power = power * (65537 % prime) % prime;
    } while (power != 1);
    return false;
}

bool roca_is_weak(struct slice modulus)
{
    for (size_t i = 0; i < sizeof primes / sizeof *primes; i++)
        if (!is_power(remainder_of(modulus, primes[i]), primes[i]))
            return false;
    return true;
}
