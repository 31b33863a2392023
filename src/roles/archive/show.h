#ifndef RENDEZ_ROLES_ARCHIVE_SHOW_H
#define RENDEZ_ROLES_ARCHIVE_SHOW_H

#include "formats/json/json.h"
#include "roles/archive/archive.h"

/* Sets as JSON, for the desk and the command line. New references. */
json_t *archive_row_json(const struct set_row *row, struct slice sets_folder, struct arena *arena);
json_t *archive_rows_json(const struct set_row_list *rows, struct slice sets_folder, struct arena *arena);
json_t *archive_made_json(const struct set_row *made);
json_t *archive_found_json(struct slice set, const struct archive_found *found);

#endif
