#ifndef RENDEZ_FORMATS_LMTP_PATH_H
#define RENDEZ_FORMATS_LMTP_PATH_H

#include "formats/lmtp/lmtp.h"

/* The reverse- or forward-path at the start of `text` (RFC 5321 section 4.1.2): its
 * address without brackets and route (empty for "<>"), and what follows it. */
bool path_parse(struct slice text, struct slice *address, struct slice *rest);
bool path_is_ascii(struct slice address);

#endif
