#include "platform/evidence/outages.h"

#include "platform/evidence/tables.h"

/* The probe */

ROW_TYPE(probe_row, outside_probe, TEXT(outside_probe, key), INSTANT(outside_probe, pinned), MOMENT(outside_probe, heard),
         MOMENT(outside_probe, last), NUMBER(outside_probe, seen), MOMENT(outside_probe, begun),
         NUMBER(outside_probe, down_ms));

enum status evidence_save_probe(struct evidence *evidence, const struct outside_probe *probe, struct problem *why)
{
    return rows_save(&evidence->db, QUERY_PROBE_SAVE, &probe_row, probe, why);
}

enum status evidence_load_probe(struct evidence *evidence, struct arena *arena, struct outside_probe *out,
                                struct problem *why)
{
    return rows_load(&evidence->db, QUERY_PROBE_LOAD, NULL, &probe_row, arena, out, "probe outside", why);
}

/* A statement that returns a row for what it changed. */
static enum status change_one(struct evidence *evidence, enum query query, const struct sql_value *args,
                              const char *what, struct problem *why)
{
    size_t changed;
    TRY(rows_run_counted(&evidence->db, query, args, &changed, why));
    return changed == 1 ? ST_OK : problem_set(why, ST_NOT_FOUND, "no such %s", what);
}

enum status evidence_remove_probe(struct evidence *evidence, struct problem *why)
{
    return change_one(evidence, QUERY_PROBE_REMOVE, NULL, "probe", why);
}

/* Days */

ROW_TYPE(measured_row, measured_day, NUMBER(measured_day, day), NUMBER(measured_day, up_ms), NUMBER(measured_day, down_ms));

enum status evidence_add_measured(struct evidence *evidence, const struct measured_day *day, struct problem *why)
{
    return rows_save(&evidence->db, QUERY_MEASURED_ADD, &measured_row, day, why);
}

enum status evidence_list_measured(struct evidence *evidence, uint32_t limit, struct arena *arena,
                                   struct measured_list *out, struct problem *why)
{
    ROWS_LIST(&evidence->db, QUERY_MEASURED_LIST, ARGS(arg_number(limit)), &measured_row, arena, out, why);
    return ST_OK;
}

/* Outages */

ROW_TYPE(outage_row, outage, INSTANT(outage, begun), MOMENT(outage, ended), NUMBER(outage, down_ms));

static enum status note_number(const struct sql_value *columns, void *context, struct problem *why)
{
    (void)why;
    *(uint32_t *)context = (uint32_t)columns[0].number;
    return ST_OK;
}

static enum status count_of(struct evidence *evidence, enum query query, uint32_t *out, struct problem *why)
{
    *out = 0;
    return evidence->db.driver->run(evidence->db.sql, query, NULL, note_number, out, why);
}

enum status evidence_save_outage(struct evidence *evidence, const struct outage *outage, struct problem *why)
{
    return rows_save(&evidence->db, QUERY_OUTAGE_SAVE, &outage_row, outage, why);
}

enum status evidence_list_outages(struct evidence *evidence, uint32_t limit, struct arena *arena,
                                  struct outage_list *out, struct problem *why)
{
    ROWS_LIST(&evidence->db, QUERY_OUTAGE_LIST, ARGS(arg_number(limit)), &outage_row, arena, out, why);
    return ST_OK;
}

enum status evidence_count_outages(struct evidence *evidence, uint32_t *out, struct problem *why)
{
    return count_of(evidence, QUERY_OUTAGE_COUNT, out, why);
}

enum status evidence_unclaimed_outage(struct evidence *evidence, uint32_t down_ms, struct arena *arena,
                                      struct outage *out, struct problem *why)
{
    return rows_load(&evidence->db, QUERY_OUTAGE_UNCLAIMED, ARGS(arg_number(down_ms)), &outage_row, arena, out,
                     "outage without a claim", why);
}

/* Claims */

ROW_TYPE(claim_row, claim, TEXT(claim, id), INSTANT(claim, outage), INSTANT(claim, opened), MOMENT(claim, sent),
         TEXT(claim, evidence), NUMBER(claim, entry));

enum status evidence_add_claim(struct evidence *evidence, const struct claim *claim, struct problem *why)
{
    return rows_save(&evidence->db, QUERY_CLAIM_ADD, &claim_row, claim, why);
}

enum status evidence_list_claims(struct evidence *evidence, uint32_t limit, struct arena *arena,
                                 struct claim_list *out, struct problem *why)
{
    ROWS_LIST(&evidence->db, QUERY_CLAIM_LIST, ARGS(arg_number(limit)), &claim_row, arena, out, why);
    return ST_OK;
}

enum status evidence_load_claim(struct evidence *evidence, struct slice id, struct arena *arena, struct claim *out,
                                struct problem *why)
{
    return rows_load(&evidence->db, QUERY_CLAIM_LOAD, ARGS(arg_text(id)), &claim_row, arena, out, "claim", why);
}

enum status evidence_count_claims(struct evidence *evidence, uint32_t *out, struct problem *why)
{
    return count_of(evidence, QUERY_CLAIM_COUNT, out, why);
}

enum status evidence_claim_sent(struct evidence *evidence, struct slice id, struct instant at, struct problem *why)
{
    return change_one(evidence, QUERY_CLAIM_SENT, ARGS(arg_text(id), arg_number(at.us)), "claim that waits", why);
}
