/* Input: networks, a line break, an address. What is in the networks is in what was checked. */
#include <assert.h>

#include "domain/access/access.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice rest = {(const char *)data, size}, networks;
    if (!slice_next_line(&rest, &networks))
        return 0;
    bool good = access_networks_check(networks, NULL) == ST_OK;
    bool inside = access_networks_hold(networks, rest);
    if (good && slice_equal(networks, LIT("0.0.0.0/0 ::/0")) && inside)
        assert(rest.len > 0);
    if (slice_trim(networks).len == 0)
        assert(good && !inside);
    return 0;
}
