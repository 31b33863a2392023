#include <sys/resource.h>

#include "check.h"
#include "formats/mime/internal.h"

static struct arena *arena; /* of the row being tried */

static void fresh(const char *row)
{
    arena_destroy(&arena);
    arena = arena_create(MIME_ARENA_BYTES);
    check_row(row);
}

static struct mail parse(const char *raw)
{
    struct mail mail = {0};
    struct problem why = {0};
    enum status status = mime_parse(slice_from(raw), LIT("mx.ours.example"), arena, &mail, &why);
    CHECK(status == ST_OK);
    return mail;
}

#define HEAD "From: Odile <odile@saunier.example>\nTo: lea@assist.example\n"

/* ---- headers ------------------------------------------------------------------------------------ */

static const struct {
    const char *raw, *subject;
} subjects[] = {
    {"Subject: point", "point"},
    {"Subject:point  ", "point"},
    {"Subject: =?utf-8?Q?R=C3=A9union?=", "Réunion"},
    {"Subject: =?iso-8859-1?q?=E9t=E9?= en =?windows-1252?B?gA==?=", "été en €"},
    {"Subject: =?utf-8?B?UsOp?=\n =?utf-8?B?dW5pb24=?=", "Réunion"},
    {"Subject: two\n\tlines", "two lines"},
    {"Subject: br\xC3\xBBt", "brût"},
    {"Subject: br\xFBt", "brût"},
    {"Subject: =?x-nobody?Q?caf=E9?=", "café"},
    {"Subject: =?utf-8*fr?Q?caf=C3=A9?=", "café"},
    {"Subject: a=?utf-8?Q?=0D=0ABcc:_x?=", "a Bcc: x"},
    {"subject: small", "small"},
    {"X-Subject: other", ""},
    {"Subject: =?utf-8?B?w6k=?= =?utf-8?B?w6k=?= a ?= =?utf-8?Q?b?", "éé a ?= =?utf-8?Q?b?"},
};

static void decodes_subjects(void)
{
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
        fresh(subjects[i].raw);
        struct slice raw = arena_format(arena, HEAD "%s\n\nbody", subjects[i].raw);
        struct mail mail = parse(arena_text(arena, raw));
        /* an encoded line end may leave one space or two, never a line end */
        if (slice_contains(mail.subject, LIT("Bcc")))
            CHECK(!slice_contains(mail.subject, LIT("\n")) && !slice_contains(mail.subject, LIT("\r")));
        else
            CHECK_TEXT(mail.subject, subjects[i].subject);
    }
}

static const struct {
    const char *field, *name, *address;
    size_t count;
} addresses[] = {
    {"Cc: kim@kay.example", "", "kim@kay.example", 1},
    {"Cc: Kim <Kim@KAY.example>", "Kim", "Kim@kay.example", 1},
    {"Cc: \"Roux, Jean\" <jean@roux.example>, b@c.example", "Roux, Jean", "jean@roux.example", 2},
    {"Cc: =?utf-8?q?B=C3=A9a?= Roux <bea@roux.example>", "Béa Roux", "bea@roux.example", 1},
    {"Cc: kim@kay.example (Kim)", "Kim", "kim@kay.example", 1},
    {"Cc: Team: a@b.example, c@d.example;, e@f.example", "", "a@b.example", 3},
    {"Cc: undisclosed-recipients:;", "", "", 0},
    {"Cc: nobody, <>, a@", "", "", 0},
    {"Cc: B\xE9" "a <bea@roux.example>", "Béa", "bea@roux.example", 1},
    {"Cc: a@b.example\nCc: c@d.example", "", "a@b.example", 2},
};

static void reads_addresses(void)
{
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        fresh(addresses[i].field);
        struct slice raw = arena_format(arena, HEAD "%s\n\nbody", addresses[i].field);
        struct mail mail = parse(arena_text(arena, raw));
        CHECK_NUMBER(mail.cc.count, addresses[i].count);
        if (mail.cc.count == 0)
            continue;
        CHECK_TEXT(mail.cc.items[0].name, addresses[i].name);
        CHECK_TEXT(mail.cc.items[0].address, addresses[i].address);
    }
}

static const struct {
    const char *date, *civil;
    int64_t offset_s;
} dates[] = {
    {"Tue, 14 Apr 2026 17:32:35 +0100", "2026-04-14T17:32:35", 3600},
    {"14 Apr 2026 17:32 -0330", "2026-04-14T17:32:00", -12600},
    {"Tue, 14 Apr 2026 17:32:35 GMT", "2026-04-14T17:32:35", 0},
    {"Tue, 14 Apr 2026 17:32:35 EST", "2026-04-14T17:32:35", -18000},
    {"Tue, 14 Apr 2026 17:32:35 +0200 (CEST)", "2026-04-14T17:32:35", 7200},
    {"Sun, 01 Mar 2026 00:00:00 +0000", "2026-03-01T00:00:00", 0},
    {"yesterday", "", 0},
    {"Tue, 31 Feb 2026 17:32:35 +0100", "", 0},
};

static void reads_dates(void)
{
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        fresh(dates[i].date);
        struct mail mail = parse(arena_text(arena, arena_format(arena, HEAD "Date: %s\n\nx", dates[i].date)));
        CHECK(mail.has_date == (*dates[i].civil != '\0'));
        if (!mail.has_date)
            continue;
        CHECK_TEXT(civil_format(mail.date, arena), dates[i].civil);
        CHECK_NUMBER(mail.offset_s, dates[i].offset_s);
    }
}

static void reads_ids(void)
{
    fresh("ids");
    struct mail mail = parse(HEAD "Message-ID: <a.1@b.example>\nIn-Reply-To: <c@d.example> (of Odile)\n"
                                  "References: <x@y.example>\n <z@y.example>\n\nbody");
    CHECK_TEXT(mail.message_id, "a.1@b.example");
    CHECK_TEXT(mail.in_reply_to, "c@d.example");
    CHECK_NUMBER(mail.references.count, 2);
    CHECK_TEXT(mail.references.items[1], "z@y.example");
}

static void needs_a_from(void)
{
    struct mail mail;
    struct problem why;
    fresh("from");
    CHECK(mime_parse(LIT("To: a@b.example\n\nx"), SLICE_NONE, arena, &mail, &why) == ST_INVALID);
    CHECK(mime_parse(LIT(""), SLICE_NONE, arena, &mail, &why) == ST_INVALID);
    CHECK(mime_parse(LIT("From: nobody\n\nx"), SLICE_NONE, arena, &mail, &why) == ST_INVALID);
    CHECK_OK(mime_parse(LIT("Sender: s@b.example\n\nx"), SLICE_NONE, arena, &mail, &why));
    CHECK_TEXT(mail.from.address, "s@b.example");
}

/* ---- what the message is ------------------------------------------------------------------------- */

static const struct {
    const char *fields;
    enum mail_nature nature;
} natures[] = {
    {"Subject: bonjour", MAIL_PERSONAL},
    {"Auto-Submitted: no", MAIL_PERSONAL},
    {"Auto-Submitted: auto-replied (vacation)", MAIL_AUTO_REPLIED},
    {"Auto-Submitted: auto-generated", MAIL_AUTO_GENERATED},
    {"Auto-Submitted: auto-notified; owner-email=\"a@b.example\"", MAIL_AUTO_GENERATED},
    {"Precedence: auto_reply", MAIL_AUTO_REPLIED},
    {"Precedence: bulk", MAIL_AUTO_GENERATED},
    {"Precedence: list", MAIL_LIST},
    {"List-Id: <plans.lists.example>", MAIL_LIST},
    {"X-Autoreply: yes", MAIL_AUTO_REPLIED},
    {"X-Auto-Response-Suppress: All", MAIL_AUTO_GENERATED},
    {"X-Auto-Response-Suppress: DR, OOF", MAIL_PERSONAL},
    {"Return-Path: <>", MAIL_AUTO_GENERATED},
    {"Subject: =?utf-8?q?R=C3=A9ponse_automatique_=3A_point?=", MAIL_AUTO_REPLIED},
    {"Subject: Automatic reply: call", MAIL_AUTO_REPLIED},
    {"Subject: Re: a word on automatic reply settings", MAIL_PERSONAL},
    {"List-Unsubscribe: <https://x.example>", MAIL_PERSONAL},
};

static void knows_natures(void)
{
    for (size_t i = 0; i < sizeof natures / sizeof *natures; i++) {
        fresh(natures[i].fields);
        struct slice raw = arena_format(arena, HEAD "%s\n\nbody", natures[i].fields);
        CHECK_NUMBER(parse(arena_text(arena, raw)).nature, natures[i].nature);
    }
}

#define OURS "Authentication-Results: mx.ours.example"
static const struct {
    const char *fields;
    enum mail_origin origin;
} origins[] = {
    {"X-None: 1", MAIL_ORIGIN_UNKNOWN},
    {OURS "; none", MAIL_ORIGIN_UNKNOWN},
    {OURS "; dmarc=pass header.from=saunier.example", MAIL_ORIGIN_PASS},
    {OURS "; dmarc=pass header.from=other.example", MAIL_ORIGIN_UNKNOWN},
    {OURS "; dmarc=pass header.from=SAUNIER.example", MAIL_ORIGIN_PASS},
    {OURS "; dmarc=pass", MAIL_ORIGIN_PASS},
    {OURS " 1; dmarc=fail (p=none) header.from=saunier.example", MAIL_ORIGIN_FAIL},
    {OURS "; dkim=pass header.d=saunier.example", MAIL_ORIGIN_PASS},
    {OURS "; dkim=pass header.i=@mail.saunier.example", MAIL_ORIGIN_PASS},
    {OURS "; dkim=pass header.d=other.example", MAIL_ORIGIN_UNKNOWN},
    {OURS "; dkim=pass header.d=example", MAIL_ORIGIN_UNKNOWN},
    {OURS "; dkim=fail header.d=saunier.example", MAIL_ORIGIN_FAIL},
    {OURS "; spf=pass smtp.mailfrom=odile@saunier.example", MAIL_ORIGIN_PASS},
    {OURS "; spf=pass smtp.mailfrom=bounce.saunier.example", MAIL_ORIGIN_PASS},
    {OURS "; spf=pass smtp.mailfrom=x@evil-saunier.example", MAIL_ORIGIN_UNKNOWN},
    {OURS "; spf=fail smtp.mailfrom=saunier.example; dkim=pass header.d=saunier.example", MAIL_ORIGIN_PASS},
    {OURS "; dkim=pass header.d=saunier.example; dmarc=fail", MAIL_ORIGIN_FAIL},
    {"authentication-results: MX.ours.example;\n  dmarc = pass", MAIL_ORIGIN_PASS},
    {OURS "; x=y (dmarc=pass)", MAIL_ORIGIN_UNKNOWN},
    {"Authentication-Results: mx.theirs.example; dmarc=pass", MAIL_ORIGIN_UNKNOWN},
    {"Authentication-Results: mx.ours.example.evil.example; dmarc=pass", MAIL_ORIGIN_UNKNOWN},
    /* what stands below the hop that received it is theirs */
    {OURS "; dkim=none\nReceived: from them\n" OURS "; dmarc=pass", MAIL_ORIGIN_UNKNOWN},
    {"Received: by us\n" OURS "; dmarc=fail\nReceived: from them\n" OURS "; dmarc=pass", MAIL_ORIGIN_FAIL},
};

static void believes_only_our_mta(void)
{
    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++) {
        fresh(origins[i].fields);
        struct slice raw = arena_format(arena, "%s\n" HEAD "\nbody", origins[i].fields);
        CHECK_NUMBER(parse(arena_text(arena, raw)).origin, origins[i].origin);
    }
    struct mail mail;
    fresh("no name, no trust");
    CHECK_OK(mime_parse(LIT(OURS "; dmarc=pass\n" HEAD "\nx"), SLICE_NONE, arena, &mail, NULL));
    CHECK_NUMBER(mail.origin, MAIL_ORIGIN_UNKNOWN);
}

/* ---- bodies --------------------------------------------------------------------------------------- */

#define ALT "Content-Type: multipart/alternative; boundary=b1\n\n"
static const struct {
    const char *name, *raw, *text;
} bodies[] = {
    {"no type", HEAD "\nbonjour\r\n", "bonjour"},
    {"no body", HEAD, ""},
    {"quoted-printable", HEAD "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
                              "d=C3=A9j=\neuner =3D midi", "déjeuner = midi"},
    {"base64", HEAD "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nw6kK\n", "é"},
    {"8 bit without charset", HEAD "\nd\xE9jeuner", "déjeuner"},
    {"utf-8 called us-ascii", HEAD "Content-Type: text/plain; charset=us-ascii\n\nd\xC3\xA9j", "déj"},
    {"latin 1 called utf-8", HEAD "Content-Type: text/plain; charset=utf-8\n\nd\xE9jeuner a l'\xE9t\xE9", "déjeuner a l'été"},
    {"cut in a character", HEAD "\ncaf\xC3\xA9 \xC3", "café \uFFFD"},
    {"html alone", HEAD "Content-Type: text/html; charset=utf-8\n\n<p>un</p><p>deux</p>", "un\n\ndeux"},
    {"plain before html", HEAD ALT "--b1\nContent-Type: text/plain\n\nplain\n--b1\nContent-Type: text/html\n\n<b>html</b>\n--b1--\n", "plain"},
    {"empty plain", HEAD ALT "--b1\nContent-Type: text/plain\n\n \n--b1\nContent-Type: text/html\n\n<b>html</b>\n--b1--\n", "html"},
    {"no closing boundary", HEAD ALT "--b1\n\nplain\n", "plain"},
    {"preamble and epilogue", HEAD ALT "before\n--b1\n\nplain\n--b1--\nafter\n", "plain"},
    {"boundary in quotes", HEAD "Content-Type: multipart/mixed;\n boundary=\"b 1;x\"\n\n--b 1;x\n\nin\n--b 1;x--\n", "in"},
    {"mixed joins", HEAD "Content-Type: multipart/mixed; boundary=b1\n\n--b1\n\none\n--b1\nContent-Type: text/plain\n\ntwo\n--b1--\n", "one\n\ntwo"},
    {"attachment stays out", HEAD "Content-Type: multipart/mixed; boundary=b1\n\n--b1\n\none\n--b1\nContent-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n\ntwo\n--b1--\n", "one"},
    {"related in alternative", HEAD ALT "--b1\nContent-Type: multipart/related; boundary=b2\n\n--b2\nContent-Type: text/html\n\n<p>html\n--b2\nContent-Type: image/png\n\nxx\n--b2--\n--b1--\n", "html"},
    {"boundary that begins alike", HEAD "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/alternative; boundary=b1\n\n--b1\n\nplain\n--b1--\n--b--\n", "plain"},
    {"flowed", HEAD "Content-Type: text/plain; format=flowed\n\none \ntwo\n> quoted \n> more\n-- \nme", "one two\n> quoted more\n-- \nme"},
    {"unknown encoding", HEAD "Content-Transfer-Encoding: x-none\n\nbody", "body"},
    {"old style type", HEAD "Content-Type: text\n\nbody", "body"},
};

static void reads_bodies(void)
{
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        fresh(bodies[i].name);
        CHECK_TEXT(parse(bodies[i].raw).text, bodies[i].text);
    }
}

static const struct {
    const char *html, *text;
} pages[] = {
    {"a<br>b<br/>c", "a\nb\nc"},
    {"<div>a</div><div>b</div>", "a\nb"},
    {"<div>a</div><div><br></div><div>b</div>", "a\n\nb"},
    {"<p>a</p>\n<p>b</p>", "a\n\nb"},
    {"<p>a<p>b", "a\n\nb"},
    {"  a \n  b&nbsp;&nbsp;c ", "a b  c"},
    {"&eacute;&#233;&#xE9;&amp;&unknown;&lt;", "ééé&&unknown;<"},
    {"1 < 2 & 3", "1 < 2 & 3"},
    {"<ul><li>x<li>y</ul>", "- x\n- y"},
    {"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"},
    {"a<hr>b", "a\n________________________________\nb"},
    {"<pre>a\n  b</pre>", "a\n  b"},
    {"<title>t</title><style>p{}</style><script>if (a<b) x();</script>z", "z"},
    {"a<!-- b -->c<!--[if mso]>d<![endif]-->e", "ace"},
    {"<![if !mso]>a<![endif]>", "a"},
    {"a<div style='display:none'>b<p>c</div>d", "a\nd"},
    {"a<span style=\"font-size:0\">b</span>c", "ac"},
    {"a<span style=\"FONT-SIZE: 0px;color:red\">b</span>c", "ac"},
    {"a<span style=\"font-size:0.9em\">b</span>c", "abc"},
    {"a<span style=\"font-size:10px\">b</span>c", "abc"},
    {"a<i hidden>b</i>c<i style='visibility:hidden'>d</i>", "ac"},
    {"a<i style='opacity:0'>b</i>c<i style='mso-hide:all'>d</i>", "ac"},
    {"a<span style='max-width:100px'>b</span>", "ab"},
    {"a<span style='color:#FFF'>b</span>c", "ac"},
    {"a<font color=white>b</font>c", "ac"},
    {"<td bgcolor='#003366'><span style='color:#fff'>b</span></td>", "b"},
    {"<p style='background-color:white;color:white'>b</p>c", "c"},
    {"a<div style='position:absolute;left:-9999px'>b</div>c", "a\nc"},
    {"a<div style='height:0;overflow:hidden'>b</div>c", "a\nc"},
    {"a<div style='height:0'>b</div>c", "a\nb\nc"},
    {"a<span style='border-color:#fff'>b</span>", "ab"},
    {"i\u200Bg\u00ADnore", "ignore"},
    {"a<blockquote>q<br>r</blockquote>b", "a\n\n> q\n> r\n\nb"},
    {"<blockquote>q<blockquote>r</blockquote></blockquote>", "> q\n> \n>> r"},
    {"<a href=\"https://x.example/?a=1>2\">link</a>", "link"},
    {"<p class=\"it's\">a</p>", "a"},
    {"<o:p></o:p>a", "a"},
    {"", ""},
    {"<", "<"},
    {"<b", ""},
};

static void shows_html(void)
{
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        fresh(pages[i].html);
        CHECK_TEXT(slice_trim(mime_html_text(slice_from(pages[i].html), arena)), pages[i].text);
    }
}

static void strips_html_replies(void)
{
    fresh("gmail");
    struct mail mail = parse(HEAD "Content-Type: text/html; charset=utf-8\n\n<div dir=ltr>Jeudi me va.<br></div><br>"
        "<div class=gmail_quote><div class=gmail_attr>Le lun. 4 mai 2026 à 09:12, Kim &lt;<a href='mailto:kim@kay.example'>"
        "kim@kay.example</a>&gt; a écrit&nbsp;:<br></div><blockquote class=gmail_quote>Jeudi ?<div><br></div>"
        "<div style='display:none'>secret</div>Kim</blockquote></div>");
    CHECK_TEXT(mail.new_text, "Jeudi me va.");
    CHECK_NUMBER(mail.quotes.count, 1);
    CHECK_TEXT(mail.quotes.items[0].from.address, "kim@kay.example");
    CHECK_TEXT(mail.quotes.items[0].text, "Jeudi ?\n\nKim");
    fresh("outlook");
    mail = parse(HEAD "Content-Type: text/html; charset=utf-8\n\n<p>Jeudi me va.<o:p></o:p></p>"
        "<div style='border:none;border-top:solid #E1E1E1 1.0pt'><p><b>De&nbsp;:</b> Kim &lt;kim@kay.example&gt;<br>"
        "<b>Envoyé&nbsp;:</b> lundi 4 mai 2026 09:12<br><b>À&nbsp;:</b> Odile<br><b>Objet&nbsp;:</b> point</p></div>"
        "<p>Jeudi&nbsp;?</p>");
    CHECK_TEXT(mail.new_text, "Jeudi me va.");
    CHECK_TEXT(mail.quotes.items[0].text, "Jeudi ?");
    CHECK_TEXT(mail.quotes.items[0].subject, "point");
}

/* ---- charsets --------------------------------------------------------------------------------------- */

static const struct {
    const char *charset, *bytes, *text;
} charsets[] = {
    {"utf-8", "\xC3\xA9", "é"},
    {"UTF8", "\xC3\xA9", "é"},
    {"us-ascii", "e", "e"},
    {"iso-8859-1", "\xE9", "é"},
    {"latin1", "\xE9", "é"},
    {"iso-8859-2", "\xB1", "ą"},
    {"iso-8859-5", "\xD0", "а"},
    {"iso-8859-7", "\xE1", "α"},
    {"iso-8859-9", "\xFD", "ı"},
    {"iso-8859-15", "\xA4", "€"},
    {"windows-1250", "\xB9", "ą"},
    {"windows-1251", "\xE0", "а"},
    {"windows-1252", "\x80", "€"},
    {"cp1252", "\x92", "’"},
    {"windows-1254", "\xFD", "ı"},
    {"macintosh", "\x8E", "é"},
    {"cp850", "\x82", "é"},
    {"koi8-r", "\xC1", "а"},
    {"koi8-u", "\xA4", "є"},
    {"gb2312", "\xD6\xD0", "中"},
    {"gbk", "\xD6\xD0", "中"},
    {"gb18030", "\xD6\xD0", "中"},
    {"big5", "\xA4\xA4", "中"},
    {"shift_jis", "\x93\xFA", "日"},
    {"euc-jp", "\xC6\xFC", "日"},
    {"iso-2022-jp", "\x1B$BF|\x1B(B", "日"},
    {"euc-kr", "\xC7\xD1", "한"},
    {"ks_c_5601-1987", "\xC7\xD1", "한"},
    {"utf-7", "+AOk-", "é"},
    {"utf-16", "\xFE\xFF\x01\x05", "ą"},
    {"utf-16le", "\x05\x01", "ą"},
    {"utf-8", "\xEF\xBB\xBF\xC3\xA9", "é"},
    {"shift_jis", "a\x81!z", "a\xEF\xBF\xBD!z"},
    {"euc-jp", "a\x8E", "a\xEF\xBF\xBD"},
    {"big5", "\xFF\xFF!", "\xEF\xBF\xBD\xEF\xBF\xBD!"},
    {"unknown", "caf\xE9", "café"},
    {"unknown", "caf\xC3\xA9", "café"},
    {"", "caf\xE9", "café"},
};

static void decodes_charsets(void)
{
    for (size_t i = 0; i < sizeof charsets / sizeof *charsets; i++) {
        fresh(charsets[i].charset);
        CHECK_TEXT(charset_decode(slice_from(charsets[i].bytes), slice_from(charsets[i].charset), arena),
                   charsets[i].text);
        if (*charsets[i].charset == '\0' || slice_equal(slice_from(charsets[i].charset), LIT("unknown")))
            continue;
        AUTO_BUFFER word = buffer_create(1000);
        buffer_add_format(&word, "=?%s?B?", charsets[i].charset);
        base64_encode(slice_from(charsets[i].bytes), &word);
        buffer_add_text(&word, "?=");
        CHECK_TEXT(header_text(buffer_slice(&word), arena), charsets[i].text);
    }
}

/* As in the reader's sandbox: no file can be opened any more. */
static void reads_without_files(void)
{
    struct rlimit before, none;
    mime_init();
    getrlimit(RLIMIT_NOFILE, &before);
    none = before;
    none.rlim_cur = 0;
    CHECK(setrlimit(RLIMIT_NOFILE, &none) == 0);
    decodes_charsets();
    decodes_subjects();
    reads_addresses();
    reads_dates();
    reads_bodies();
    setrlimit(RLIMIT_NOFILE, &before);
}

/* ---- calendars, reports, messages in messages --------------------------------------------------------- */

#define VCAL "BEGIN:VCALENDAR\nMETHOD:REPLY\nEND:VCALENDAR\n"
static const struct {
    const char *name, *part;
    size_t count;
    const char *method;
} calendar_parts[] = {
    {"alternative", "Content-Type: text/calendar; charset=utf-8; method=reply\n\n" VCAL, 1, "REPLY"},
    {"application/ics", "Content-Type: application/ics; name=\"invite.ics\"\n\n" VCAL, 1, ""},
    {"by its name", "Content-Type: application/octet-stream\nContent-Disposition: attachment; filename=\"R.ICS\"\n\n" VCAL, 1, ""},
    {"by its name in pieces", "Content-Type: application/octet-stream\nContent-Disposition: attachment;\n filename*0*=utf-8''r%C3%A9;\n filename*1=\".ics\"\n\n" VCAL, 1, ""},
    {"base64", "Content-Type: text/calendar; method=CANCEL\nContent-Transfer-Encoding: base64\n\nQkVHSU46VkNBTEVOREFSDQpFTkQ6VkNBTEVOREFSDQo=\n", 1, "CANCEL"},
    {"no calendar in it", "Content-Type: text/calendar\n\nhello\n", 0, ""},
    {"TNEF is left alone", "Content-Type: application/ms-tnef; name=winmail.dat\n\n" VCAL, 0, ""},
};

static void finds_calendars(void)
{
    for (size_t i = 0; i < sizeof calendar_parts / sizeof *calendar_parts; i++) {
        fresh(calendar_parts[i].name);
        struct slice raw = arena_format(arena, HEAD "Content-Type: multipart/mixed; boundary=b1\n\n--b1\n\nhi\n--b1\n%s\n--b1--\n",
                                        calendar_parts[i].part);
        struct mail mail = parse(arena_text(arena, raw));
        CHECK_TEXT(mail.text, "hi");
        CHECK_NUMBER(mail.calendars.count, calendar_parts[i].count);
        if (mail.calendars.count > 0)
            CHECK_TEXT(mail.calendars.items[0].method, calendar_parts[i].method);
    }
}

static void joins_equal_calendars(void)
{
    fresh("twice the same");
    struct mail mail = parse(HEAD "Content-Type: multipart/mixed; boundary=b1\n\n--b1\nContent-Type: text/calendar; method=REPLY\n\n" VCAL
                                  "\n--b1\nContent-Type: application/ics\n\n" VCAL "\n--b1--\n");
    CHECK_NUMBER(mail.calendars.count, 1);
    CHECK_TEXT(mail.calendars.items[0].method, "REPLY");
}

static const char bounce[] =
    "Return-Path: <>\nFrom: MAILER-DAEMON@mx.ours.example\nTo: lea@assist.example\nSubject: Undelivered\n"
    "Auto-Submitted: auto-replied\nContent-Type: multipart/report; report-type=delivery-status; boundary=b1\n\n"
    "--b1\n\nYour message could not be delivered.\n"
    "--b1\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.ours.example\n\n"
    "Final-Recipient: rfc822; kim@kay.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no\n\n"
    "Final-Recipient: rfc822; rhys@tate.example\nAction: delayed\nStatus: 4.4.1 (later)\n\n"
    "Final-Recipient: rfc822; ana@ruiz.example\nAction: delivered\nStatus: 2.0.0\n\n"
    "--b1\nContent-Type: %s\n\nFrom: lea@assist.example\nMessage-ID: <m-7@assist.example>\nSubject: slots\n\nbody\n--b1--\n";

static void reads_complaints(void)
{
    static const struct { const char *type; enum mail_nature nature; } types[] = {
        {"abuse", MAIL_COMPLAINT},    {"Opt-Out", MAIL_COMPLAINT},
        {"not-spam", MAIL_AUTO_GENERATED}, {"auth-failure", MAIL_AUTO_GENERATED},
        {"", MAIL_AUTO_GENERATED},
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        fresh(types[i].type);
        struct slice raw = arena_format(
            arena,
            "From: fbl@isp.example\nTo: lea@assist.example\nSubject: report\n"
            "Content-Type: multipart/report; report-type=feedback-report; boundary=b1\n\n"
            "--b1\n\nThis is a report.\n"
            "--b1\nContent-Type: message/feedback-report\n\nVersion: 1\nFeedback-Type: %s\n"
            "User-Agent: Isp/1\n\n"
            "--b1\nContent-Type: message/rfc822\n\nFrom: lea@assist.example\n"
            "Message-ID: <m-9@assist.example>\nSubject: slots\n\nbody\n--b1--\n",
            types[i].type);
        struct mail mail = parse(arena_text(arena, raw));
        CHECK_NUMBER(mail.nature, types[i].nature);
        CHECK_TEXT(mail.original_id, "m-9@assist.example");
        CHECK_NUMBER(mail.failures.count, 0);
    }
}

static void counts_hops_and_marks_of_loops(void)
{
    fresh("hops");
    struct mail mail = parse("Received: from a by b\nReceived: from c by a\nX-Loop: lea@assist.example\n" HEAD "\nhi");
    CHECK_NUMBER(mail.hops, 2);
    CHECK_TEXT(mail.loop, "lea@assist.example");
    mail = parse(HEAD "\nhi");
    CHECK_NUMBER(mail.hops, 0);
    CHECK_NUMBER(mail.loop.len, 0);
}

static void counts_what_it_does_not_read(void)
{
    fresh("attachments");
    struct mail mail = parse(HEAD "Content-Type: multipart/mixed; boundary=b1\n\n"
                             "--b1\nContent-Type: text/plain\n\none\n"
                             "--b1\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=a.pdf\n\nx\n"
                             "--b1\nContent-Type: image/png\nContent-Disposition: inline\n\nx\n"
                             "--b1\nContent-Type: application/octet-stream\n\nx\n"
                             "--b1\nContent-Type: text/plain\nContent-Disposition: attachment; filename=b.txt\n\ntwo\n--b1--\n");
    CHECK_NUMBER(mail.attachments, 3);
    mail = parse(HEAD "\nhi");
    CHECK_NUMBER(mail.attachments, 0);
}

static void reads_bounces(void)
{
    static const char *const originals[] = {"message/rfc822", "text/rfc822-headers"};
    for (size_t i = 0; i < 2; i++) {
        fresh(originals[i]);
        AUTO_BUFFER raw = buffer_create(10000);
        struct slice before = slice_sub(slice_from(bounce), 0, slice_find(slice_from(bounce), LIT("%s"), 0));
        buffer_add(&raw, before);
        buffer_add_text(&raw, originals[i]);
        buffer_add(&raw, slice_sub(slice_from(bounce), before.len + 2, sizeof bounce));
        struct mail mail = parse(raw.data);
        CHECK_NUMBER(mail.nature, MAIL_BOUNCE);
        CHECK_TEXT(mail.original_id, "m-7@assist.example");
        CHECK_NUMBER(mail.failures.count, 2);
        CHECK_TEXT(mail.failures.items[0].address, "kim@kay.example");
        CHECK_TEXT(mail.failures.items[0].status, "5.1.1");
        CHECK(mail.failures.items[0].permanent);
        CHECK_TEXT(mail.failures.items[1].status, "4.4.1");
        CHECK(!mail.failures.items[1].permanent);
        CHECK_NUMBER(mail.quotes.count, 0);
    }
}

static void reads_forwarded_messages(void)
{
    fresh("attached message");
    struct mail mail = parse(HEAD "Subject: pour vous\nContent-Type: multipart/mixed; boundary=b1\n\n--b1\n\nVoyez.\n--b1\n"
        "Content-Type: message/rfc822\n\nFrom: Kim <kim@kay.example>\nDate: Mon, 4 May 2026 09:12:00 +0200\n"
        "Subject: =?utf-8?q?d=C3=A9j?=\n\nMardi ?\n\n-- \nKim 06 00 00 00 00\n--b1--\n");
    CHECK_TEXT(mail.text, "Voyez.");
    CHECK(mail.forwarded);
    CHECK_NUMBER(mail.quotes.count, 1);
    CHECK_TEXT(mail.quotes.items[0].from.address, "kim@kay.example");
    CHECK_TEXT(mail.quotes.items[0].subject, "déj");
    CHECK_TEXT(mail.quotes.items[0].text, "Mardi ?\n\n--\nKim 06 00 00 00 00");
    CHECK(mail.quotes.items[0].has_date && mail.quotes.items[0].forwarded);
}

static const struct {
    const char *subject;
    bool forwarded;
} prefixes[] = {
    {"TR: x", true}, {"TR : x", true}, {"Fwd: x", true}, {"FW: x", true}, {"tr : x", true},
    {"Re: x", false}, {"Train: x", false}, {"x", false},
};

static void knows_forwarded_subjects(void)
{
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        fresh(prefixes[i].subject);
        struct slice raw = arena_format(arena, HEAD "Subject: %s\n\nx", prefixes[i].subject);
        CHECK(parse(arena_text(arena, raw)).forwarded == prefixes[i].forwarded);
    }
}

/* ---- limits -------------------------------------------------------------------------------------------- */

static struct mail parse_buffer(struct buffer *raw)
{
    struct mail mail = {0};
    CHECK(!raw->full);
    CHECK_OK(mime_parse(buffer_slice(raw), SLICE_NONE, arena, &mail, NULL));
    return mail;
}

static void refuses_huge_messages(void)
{
    struct mail mail;
    struct problem why;
    fresh("30 MB and a byte");
    struct slice raw = {"", (size_t)MIME_BYTES_MAX + 1}; /* refused by its length alone */
    CHECK(mime_parse(raw, SLICE_NONE, arena, &mail, &why) == ST_LIMIT);
}

static void bounds_parts(void)
{
    for (int parts = MIME_PARTS_MAX - 1; parts <= MIME_PARTS_MAX; parts++) {
        AUTO_BUFFER raw = buffer_create(1 << 20);
        fresh("parts");
        buffer_add_text(&raw, HEAD "Content-Type: multipart/mixed; boundary=b1\n\n");
        for (int i = 0; i < parts; i++)
            buffer_add_format(&raw, "--b1\n\nt%d\n", i);
        struct mail mail = parse_buffer(&raw); /* the multipart is a part itself */
        CHECK(mail.limited == (parts == MIME_PARTS_MAX));
        CHECK(slice_contains(mail.text, LIT("t198")));
        CHECK(!slice_contains(mail.text, LIT("t199")));
    }
}

static void bounds_nesting(void)
{
    for (int deep = MIME_NESTING_MAX; deep <= MIME_NESTING_MAX + 1; deep++) {
        AUTO_BUFFER raw = buffer_create(1 << 20);
        fresh("nesting");
        buffer_add_text(&raw, HEAD);
        for (int i = 0; i < deep; i++)
            buffer_add_format(&raw, "Content-Type: multipart/mixed; boundary=n%dn\n\n--n%dn\n", i, i);
        buffer_add_text(&raw, "\ninside\n");
        struct mail mail = parse_buffer(&raw);
        CHECK(mail.limited == (deep > MIME_NESTING_MAX));
        CHECK_TEXT(mail.text, deep > MIME_NESTING_MAX ? "" : "inside");
    }
}

static void bounds_nested_messages(void)
{
    AUTO_BUFFER raw = buffer_create((size_t)8 << 20);
    fresh("messages in messages");
    buffer_add_text(&raw, HEAD);
    for (int i = 0; i < 50000; i++)
        buffer_add_text(&raw, "Content-Type: message/rfc822\n\nFrom: a@b.example\n");
    CHECK(parse_buffer(&raw).limited);
}

static void bounds_text(void)
{
    AUTO_BUFFER raw = buffer_create((size_t)4 << 20);
    fresh("long text");
    buffer_add_text(&raw, HEAD "Content-Type: text/plain; charset=utf-8\n\n");
    for (int i = 0; i < 100000; i++)
        buffer_add_text(&raw, "é…\n");
    struct mail mail = parse_buffer(&raw);
    CHECK(mail.limited);
    CHECK(mail.text.len <= MIME_TEXT_MAX && mail.text.len > MIME_TEXT_MAX - 16);
    CHECK(utf8_bad_at(mail.text) == SIZE_MAX);
}

static void bounds_headers(void)
{
    AUTO_BUFFER raw = buffer_create((size_t)8 << 20);
    fresh("many fields");
    buffer_add_text(&raw, HEAD);
    for (int i = 0; i < 200000; i++)
        buffer_add_text(&raw, "X-A: b\n");
    buffer_add_text(&raw, "\nbody");
    struct mail mail = parse_buffer(&raw);
    CHECK(mail.limited);
    CHECK_TEXT(mail.text, "body");
}

static void bounds_mailboxes(void)
{
    AUTO_BUFFER raw = buffer_create((size_t)1 << 20);
    fresh("many mailboxes");
    buffer_add_text(&raw, HEAD "Cc: a@b.example");
    for (int i = 0; i < 1000; i++)
        buffer_add_format(&raw, ",\n a%d@b.example", i);
    buffer_add_text(&raw, "\n\nbody");
    struct mail mail = parse_buffer(&raw);
    CHECK(mail.limited);
    CHECK_NUMBER(mail.cc.count, MIME_MAILBOXES_MAX);
}

static void bounds_html(void)
{
    static const char *const pieces[] = {"<div>", "<blockquote>x", "</div>", "<!--", "<p style='a:b;", "&#",
                                         "<td>", "<b a=\"", "<script>", "<br>"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        AUTO_BUFFER html = buffer_create(MIME_TEXT_MAX * 3);
        bool limited = false;
        fresh(pieces[i]);
        while (!html.full)
            buffer_add_text(&html, pieces[i]);
        CHECK(html_to_text(buffer_slice(&html), arena, &limited).len <= MIME_TEXT_MAX);
    }
}

/* ---- records -------------------------------------------------------------------------------------------- */

static void goes_through_records(void)
{
    fresh("record");
    struct mail mail = parse(HEAD "Subject: x\nDate: Mon, 4 May 2026 09:12:00 +0200\nReferences: <a@b.example>\n\n"
                                  "Oui.\n\nLe 4 mai 2026 à 09:12, Kim <kim@kay.example> a écrit :\n> Mardi ?\n");
    AUTO_BUFFER bytes = buffer_create(1 << 20), again = buffer_create(1 << 20);
    struct mail copy;
    record_encode(&mail_record, &mail, &bytes);
    CHECK_OK(record_decode(&mail_record, buffer_slice(&bytes), arena, &copy, NULL));
    record_encode(&mail_record, &copy, &again);
    CHECK(slice_equal(buffer_slice(&bytes), buffer_slice(&again)));
    CHECK_TEXT(copy.quotes.items[0].text, "Mardi ?");
    CHECK_TEXT(copy.references.items[0], "a@b.example");
}

int main(void)
{
    TEST(decodes_subjects);
    TEST(reads_addresses);
    TEST(reads_dates);
    TEST(reads_ids);
    TEST(needs_a_from);
    TEST(knows_natures);
    TEST(believes_only_our_mta);
    TEST(reads_bodies);
    TEST(shows_html);
    TEST(strips_html_replies);
    TEST(decodes_charsets);
    TEST(reads_without_files);
    TEST(finds_calendars);
    TEST(joins_equal_calendars);
    TEST(reads_bounces);
    TEST(reads_complaints);
    TEST(counts_hops_and_marks_of_loops);
    TEST(counts_what_it_does_not_read);
    TEST(reads_forwarded_messages);
    TEST(knows_forwarded_subjects);
    TEST(refuses_huge_messages);
    TEST(bounds_parts);
    TEST(bounds_nesting);
    TEST(bounds_nested_messages);
    TEST(bounds_text);
    TEST(bounds_headers);
    TEST(bounds_mailboxes);
    TEST(bounds_html);
    TEST(goes_through_records);
    arena_destroy(&arena);
    return check_done();
}
