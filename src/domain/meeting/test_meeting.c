/* Conversations as tables. With --print it writes doc/meeting-states.md. */
#include "domain/meeting/test_world.h"

struct line {
    const char *at, *who, *what;
    const char *state; /* after it, and the confirmed start: "confirmed 2026-03-10T10:00" */
    const char *mails; /* NULL: not looked at */
};
struct story {
    const char *name;
    struct line lines[12];
};

#define MON "2026-03-02T10:00"
#define TUE "2026-03-03T10:00"
#define WED "2026-03-04T10:00"
#define THU "2026-03-05T10:00"

/* Anna's week from 9 March is used throughout; the search itself is tested in slots. */
static const struct story stories[] = {
    {"the second slot",
     {{MON, "anna", "request kind:video for:45 in:2026-03-09/2026-03-13 +karim", "proposing",
       "proposal:karim"},
      {TUE, "karim", "accept 2", "confirmed", "invitation:karim confirmation:anna"},
      {WED, "karim", "thanks", "confirmed", ""}}},
    {"agreed beforehand",
     {{MON, "anna", "request kind:call @2026-03-05T15:00 agreed +julien tel:0618", "confirmed 2026-03-05T15:00",
       "invitation:julien confirmation:anna"},
      {TUE, "julien", "partstat accepted", "confirmed 2026-03-05T15:00", ""}}},
    {"agreed, but the calendar is taken",
     {{MON, "anna", "busy @2026-03-05T14:30 for:60", "", ""},
      {MON, "anna", "request kind:call @2026-03-05T15:00 agreed +julien", "gathering",
       "clarification:anna"},
      {MON, "anna", "counter @2026-03-05T16:00", "proposing", "proposal:julien"},
      {TUE, "julien", "accept 1", "confirmed 2026-03-05T16:00",
       "invitation:julien confirmation:anna"}}},
    {"insisting on a taken time",
     {{MON, "anna", "busy @2026-03-05T14:30 for:60", "", ""},
      {MON, "anna", "request kind:call @2026-03-05T15:00 agreed +julien", "gathering",
       "clarification:anna"},
      {MON, "anna", "accept", "confirmed 2026-03-05T15:00", "invitation:julien confirmation:anna"}}},
    {"a colleague is not asked",
     {{MON, "anna", "request for:30 kind:video in:2026-03-09/2026-03-13 +olivier", "confirmed",
       "invitation:olivier confirmation:anna"}}},
    {"an address is missing",
     {{MON, "anna", "request kind:call for:30 in:2026-03-10/2026-03-10 who:Bob", "gathering",
       "clarification:anna"},
      {TUE, "anna", "inform addr:bob", "proposing", "proposal:bob"},
      {WED, "bob", "counter @2026-03-10T15:00 tel:14155550188", "confirmed 2026-03-10T15:00",
       "invitation:bob confirmation:anna"}}},
    {"nobody to meet",
     {{MON, "anna", "request kind:call for:30 in:2026-03-10/2026-03-10", "gathering",
       "clarification:anna"},
      {TUE, "anna", "inform addr:bob", "proposing", "proposal:bob"}}},
    {"none of these, then windows",
     {{MON, "anna", "request in:2026-03-09/2026-03-20 +gerard", "proposing", "proposal:gerard"},
      {TUE, "gerard", "counter in:2026-03-19/2026-03-20", "proposing", "proposal:gerard"},
      {WED, "gerard", "accept 1", "confirmed", "invitation:gerard confirmation:anna"}}},
    {"a free time that was not offered",
     {{MON, "anna", "request in:2026-03-09/2026-03-13 +gerard", "proposing", "proposal:gerard"},
      {TUE, "gerard", "counter @2026-03-13T16:30", "confirmed 2026-03-13T16:30",
       "invitation:gerard confirmation:anna"}}},
    {"a time outside the wishes is the organizer's to grant",
     {{MON, "anna", "request in:2026-03-09/2026-03-11 +gerard", "proposing", "proposal:gerard"},
      {TUE, "gerard", "counter @2026-03-13T16:30", "proposing", "clarification:anna"},
      {WED, "anna", "accept", "confirmed 2026-03-13T16:30", "invitation:gerard confirmation:anna"}}},
    {"a busy counter gets other times",
     {{MON, "anna", "busy @2026-03-12T14:00 for:120", "", ""},
      {MON, "anna", "request in:2026-03-09/2026-03-13 +gerard", "proposing", "proposal:gerard"},
      {TUE, "gerard", "counter @2026-03-12T15:00", "proposing", "proposal:gerard"}}},
    {"a public holiday",
     {{"2026-07-06T09:00", "anna", "request in:2026-07-13/2026-07-17 +vincent", "proposing",
       "proposal:vincent"},
      {"2026-07-06T12:00", "vincent", "counter @2026-07-14T10:00", "proposing", "proposal:vincent"},
      {"2026-07-06T13:00", "vincent", "counter @2026-07-16T10:00", "confirmed 2026-07-16T10:00",
       "invitation:vincent confirmation:anna"}}},
    {"the date contradicts itself",
     {{MON, "anna", "request in:2026-03-09/2026-03-13 +sophie", "proposing", "proposal:sophie"},
      {TUE, "sophie", "counter contradiction", "proposing", "clarification:sophie"},
      {WED, "sophie", "counter @2026-03-12T11:00", "confirmed 2026-03-12T11:00",
       "invitation:sophie confirmation:anna"}}},
    {"the slot is taken meanwhile",
     {{MON, "anna", "request kind:video for:60 in:2026-03-09/2026-03-13 +laure", "proposing",
       "proposal:laure"},
      {TUE, "anna", "busy @2026-03-09T08:00 for:720", "", ""},
      {TUE, "laure", "accept 1", "proposing", "proposal:laure"},
      {WED, "laure", "accept 1", "confirmed", "invitation:laure confirmation:anna"}}},
    {"everybody's common slot",
     {{MON, "anna", "request in:2026-03-09/2026-03-13 +agnes +rachid +olivier", "proposing",
       "proposal:agnes proposal:rachid"},
      {TUE, "olivier", "accept any", "proposing", ""},
      {TUE, "rachid", "accept 1 3 -2", "proposing", ""},
      {WED, "agnes", "accept 2 3 -1", "confirmed",
       "invitation:agnes invitation:rachid invitation:olivier confirmation:anna"}}},
    {"of what suits all, what suits one best",
     {{MON, "anna", "request in:2026-03-09/2026-03-13 +agnes +cecile", "proposing",
       "proposal:agnes proposal:cecile"},
      {TUE, "cecile", "accept 3 1", "proposing", ""},
      {WED, "agnes", "accept 1 3", "confirmed 2026-03-11T10:00",
       "invitation:agnes invitation:cecile confirmation:anna"}}},
    {"one of several declines",
     {{MON, "anna", "request in:2026-03-09/2026-03-13 +agnes +cecile", "proposing",
       "proposal:agnes proposal:cecile"},
      {TUE, "cecile", "decline", "proposing", "notice:anna"},
      {WED, "agnes", "accept 1", "confirmed", "invitation:agnes confirmation:anna"}}},
    {"the only guest declines",
     {{MON, "anna", "request in:2026-03-09/2026-03-13 +sinead", "proposing", "proposal:sinead"},
      {TUE, "sinead", "decline", "cancelled", "notice:anna"},
      {"2026-04-30T10:00", "sinead", "wait", "cancelled", ""}}},
    {"answers that do not meet, then a change of mind",
     {{MON, "anna", "busy @2026-03-09T10:00 for:5880", "", ""}, /* to Friday 12:00 */
      {MON, "anna", "busy @2026-03-13T15:00 for:300", "", ""},
      {MON, "anna", "request for:60 kind:video in:2026-03-09/2026-03-13 +oscar +tanya", "proposing",
       "proposal:oscar proposal:tanya"},
      {TUE, "oscar", "accept 1", "proposing", ""},
      {TUE, "tanya", "accept 2", "proposing", "notice:anna proposal:tanya"},
      {WED, "tanya", "counter @2026-03-09T09:00", "confirmed 2026-03-09T09:00",
       "invitation:oscar invitation:tanya confirmation:anna"}}},
    {"an optional guest is not waited for",
     {{MON, "anna", "request in:2026-03-09/2026-03-13 +odette ~sam", "proposing",
       "proposal:odette proposal:sam"},
      {TUE, "odette", "accept 1", "confirmed", "invitation:odette invitation:sam confirmation:anna"},
      {WED, "sam", "partstat declined", "confirmed", ""}}},
    {"a delegate answers",
     {{MON, "anna", "request kind:video in:2026-03-09/2026-03-13 +achard", "proposing",
       "proposal:achard"},
      {TUE, "achard", "delegate del:garnier", "proposing", "proposal:garnier"},
      {WED, "garnier", "accept 1", "confirmed",
       "invitation:garnier invitation:achard confirmation:anna"}}},
    {"the personal link",
     {{MON, "anna", "request kind:coffee in:2026-03-09/2026-03-13 +ines", "proposing",
       "proposal:ines"},
      {TUE, "ines", "choose 3", "confirmed", "invitation:ines confirmation:anna"},
      {WED, "ines", "choose 1", "confirmed", ""}}},
    {"none of the links",
     {{MON, "anna", "request kind:coffee in:2026-03-09/2026-03-13 +ines", "proposing",
       "proposal:ines"},
      {TUE, "ines", "choose 0", "proposing", "proposal:ines"}}},
    {"a link that is not hers",
     {{MON, "anna", "request kind:coffee in:2026-03-09/2026-03-13 +ines", "proposing",
       "proposal:ines"},
      {TUE, "ines", "choose 99", "proposing", ""}}},
    {"moved by the organizer",
     {{MON, "anna", "request kind:video for:60 @2026-03-10T11:00 agreed +eric",
       "confirmed 2026-03-10T11:00", "invitation:eric confirmation:anna"},
      {TUE, "anna", "move in:2026-03-16/2026-03-20", "proposing", "proposal:eric"},
      {WED, "eric", "accept 2", "confirmed", "update:eric confirmation:anna"}}},
    {"moved to a taken time: the old one stands",
     {{MON, "anna", "busy @2026-03-16T09:00 for:120", "", ""},
      {MON, "anna", "request kind:video for:60 @2026-03-10T11:00 agreed +eric",
       "confirmed 2026-03-10T11:00", "invitation:eric confirmation:anna"},
      {TUE, "anna", "move @2026-03-16T10:00", "confirmed 2026-03-10T11:00", "clarification:anna"}}},
    {"a move that comes to nothing is cancelled",
     {{MON, "anna", "request kind:video for:60 @2026-03-10T11:00 agreed +eric",
       "confirmed 2026-03-10T11:00", "invitation:eric confirmation:anna"},
      {TUE, "anna", "move in:2026-03-16/2026-03-17", "proposing", "proposal:eric"},
      {"2026-03-31T10:00", "eric", "wait", "abandoned",
       "reminder:eric reminder:eric cancellation:eric notice:anna"}}},
    {"cancelled",
     {{MON, "anna", "request @2026-03-10T14:30 agreed +paolo +duc", "confirmed 2026-03-10T14:30",
       "invitation:paolo invitation:duc confirmation:anna"},
      {TUE, "anna", "cancel", "cancelled",
       "cancellation:paolo cancellation:duc acknowledgement:anna"},
      {TUE, "paolo", "accept", "cancelled", ""},
      {"2026-03-11T10:00", "paolo", "wait", "cancelled", ""}}},
    {"a guest may not cancel for others",
     {{MON, "anna", "request @2026-03-10T14:30 agreed +paolo +duc", "confirmed 2026-03-10T14:30",
       NULL},
      {TUE, "paolo", "cancel", "confirmed 2026-03-10T14:30", "notice:anna"}}},
    {"a guest may not organise",
     {{MON, "anna", "request @2026-03-10T14:30 agreed +leon", "confirmed 2026-03-10T14:30", NULL},
      {TUE, "leon", "request in:2026-03-09/2026-03-13 +marta", "confirmed 2026-03-10T14:30",
       "decline:leon"}}},
    {"late",
     {{MON, "anna", "request @2026-03-10T14:00 agreed +thierry", "confirmed 2026-03-10T14:00", NULL},
      {"2026-03-10T13:30", "anna", "late late:15", "confirmed 2026-03-10T14:00", "notice:thierry"},
      {"2026-03-10T13:35", "thierry", "thanks", "confirmed 2026-03-10T14:00", ""}}},
    {"people come and go",
     {{MON, "anna", "request kind:video @2026-03-10T10:30 agreed +youssef +beatrice",
       "confirmed 2026-03-10T10:30", NULL},
      {TUE, "anna", "change -beatrice ~lucas", "confirmed 2026-03-10T10:30",
       "cancellation:beatrice invitation:lucas acknowledgement:anna"},
      {WED, "lucas", "partstat declined", "confirmed 2026-03-10T10:30", ""}}},
    {"a required guest declines the invitation",
     {{MON, "anna", "request kind:video @2026-03-10T11:00 agreed +adam +bev",
       "confirmed 2026-03-10T11:00", NULL},
      {TUE, "bev", "partstat accepted", "confirmed 2026-03-10T11:00", ""},
      {TUE, "adam", "partstat declined", "confirmed 2026-03-10T11:00", "notice:anna"},
      {WED, "anna", "change -adam @2026-03-10T11:00", "confirmed 2026-03-10T11:00",
       "acknowledgement:anna"}}},
    {"the organizer declines in the calendar program",
     {{MON, "anna", "request kind:video @2026-03-10T11:00 agreed +adam",
       "confirmed 2026-03-10T11:00", NULL},
      {TUE, "anna", "partstat accepted", "confirmed 2026-03-10T11:00", ""},
      {TUE, "anna", "partstat declined", "confirmed 2026-03-10T11:00", "clarification:anna"},
      {WED, "anna", "cancel", "cancelled", "cancellation:adam acknowledgement:anna"},
      {WED, "anna", "partstat declined", "cancelled", ""}}},
    {"the organizer proposes another time in the calendar program",
     {{MON, "anna", "request kind:video @2026-03-10T11:00 agreed +adam",
       "confirmed 2026-03-10T11:00", NULL},
      {TUE, "anna", "itip @2026-03-12T15:00", "confirmed 2026-03-10T11:00", "clarification:anna"},
      {WED, "anna", "counter @2026-03-12T15:00", "proposing", "proposal:adam"}}},
    {"a counter from the calendar program",
     {{MON, "anna", "request kind:breakfast @2026-03-10T09:00 agreed +omar",
       "confirmed 2026-03-10T09:00", NULL},
      {TUE, "omar", "itip @2026-03-11T08:00", "confirmed 2026-03-11T08:00",
       "update:omar confirmation:anna"},
      {TUE, "omar", "partstat accepted", "confirmed 2026-03-11T08:00", ""}}},
    {"a counter that others would have to follow",
     {{MON, "anna", "request @2026-03-10T10:00 agreed +omar +bev", "confirmed 2026-03-10T10:00", NULL},
      {TUE, "omar", "itip @2026-03-11T10:00", "confirmed 2026-03-10T10:00", "clarification:anna"},
      {TUE, "anna", "accept", "confirmed 2026-03-11T10:00",
       "update:omar update:bev confirmation:anna"}}},
    {"the guest cannot come any more",
     {{MON, "anna", "request @2026-03-10T10:00 agreed +omar", "confirmed 2026-03-10T10:00", NULL},
      {TUE, "omar", "move in:2026-03-12/2026-03-13", "proposing", "notice:anna proposal:omar"},
      {WED, "omar", "accept 1", "confirmed", "update:omar confirmation:anna"}}},
    {"silence",
     {{"2026-03-02T10:00", "anna", "request in:2026-03-16/2026-03-20 +regis", "proposing",
       "proposal:regis"},
      {"2026-03-05T09:59", "regis", "wait", "proposing", ""},
      {"2026-03-05T10:00", "regis", "wait", "proposing", "reminder:regis"},
      {"2026-03-11T09:59", "regis", "wait", "proposing", ""},
      {"2026-03-11T10:00", "regis", "wait", "proposing", "reminder:regis"},
      {"2026-03-20T19:00", "regis", "wait", "abandoned", "notice:anna"},
      {"2026-04-20T10:00", "regis", "wait", "abandoned", ""},
      {"2026-04-20T11:00", "regis", "accept 1", "proposing", "notice:anna proposal:regis"}}},
    {"a riddle goes to a person",
     {{MON, "anna", "request in:2026-03-09/2026-03-13 +etienne", "proposing", "proposal:etienne"},
      {TUE, "etienne", "unclear", "supervision", ""},
      {TUE, "etienne", "correct accept 1", "confirmed", "invitation:etienne confirmation:anna"},
      {WED, "etienne", "unclear", "confirmed", ""},
      {WED, "etienne", "approve", "confirmed", "clarification:etienne"}}},
    {"a threat is answered by a person",
     {{MON, "anna", "request in:2026-03-09/2026-03-13 +victor", "proposing", "proposal:victor"},
      {TUE, "victor", "hostile", "supervision", ""},
      {TUE, "victor", "takeover", "proposing", "acknowledgement:victor"}}},
    {"who wrote a riddle is asked back",
     {{MON, "anna", "request in:2026-03-09/2026-03-13 +etienne", "proposing", "proposal:etienne"},
      {TUE, "etienne", "unclear", "supervision", ""},
      {TUE, "etienne", "askback", "proposing", "clarification:etienne"},
      {WED, "etienne", "accept 1", "confirmed", "invitation:etienne confirmation:anna"}}},
    {"the organizer is asked about it, and is not clear either",
     {{MON, "anna", "request in:2026-03-09/2026-03-13 +etienne", "proposing", "proposal:etienne"},
      {TUE, "etienne", "unclear", "supervision", ""},
      {TUE, "etienne", "askorganizer", "proposing", "clarification:anna"},
      {WED, "anna", "other low", "supervision", ""}}},
    {"a request is refused that nobody has heard of",
     {{MON, "anna", "request series in:2026-03-09/2026-03-13 +kasia", "supervision", NULL},
      {TUE, "anna", "refuse", "cancelled", "decline:anna"},
      {WED, "kasia", "accept 1", "cancelled", ""}}},
    {"a wish is refused, and what was offered stays",
     {{MON, "anna", "request in:2026-03-09/2026-03-13 +kasia", "proposing", "proposal:kasia"},
      {TUE, "anna", "unclear", "supervision", ""},
      {TUE, "anna", "refuse", "proposing", "decline:anna"},
      {WED, "kasia", "accept 1", "confirmed", NULL}}},
    {"a guest is refused",
     {{MON, "anna", "request @2026-03-10T14:30 agreed +paolo", "confirmed 2026-03-10T14:30", NULL},
      {TUE, "paolo", "hostile", "confirmed 2026-03-10T14:30", ""},
      {TUE, "paolo", "refuse Pas cela.", "confirmed 2026-03-10T14:30", "decline:paolo"}}},
    {"clear words make the riddle pointless",
     {{MON, "anna", "request in:2026-03-09/2026-03-13 +etienne", "proposing", "proposal:etienne"},
      {TUE, "etienne", "unclear", "supervision", ""},
      {WED, "etienne", "accept 1", "confirmed", "invitation:etienne confirmation:anna"}}},
    {"an unsure reading is acted upon when approved",
     {{MON, "anna", "request in:2026-03-09/2026-03-13 +etienne", "proposing", "proposal:etienne"},
      {TUE, "etienne", "accept 1 low", "supervision", ""},
      {TUE, "etienne", "approve", "confirmed", "invitation:etienne confirmation:anna"}}},
    {"a client who never wants a person: who wrote is asked again",
     {{MON, "anna", "policy never", "", ""},
      {MON, "anna", "request in:2026-03-09/2026-03-13 +etienne", "proposing", "proposal:etienne"},
      {TUE, "etienne", "unclear", "proposing", "clarification:etienne"},
      {TUE, "etienne", "accept 1 low", "proposing", "clarification:etienne"},
      {TUE, "etienne", "hostile", "supervision", ""},
      {TUE, "etienne", "takeover", "proposing", "acknowledgement:etienne"},
      {TUE, "etienne", "other person", "supervision", ""},
      {TUE, "etienne", "approve", "proposing", "clarification:etienne"},
      {WED, "etienne", "accept 1", "confirmed", "invitation:etienne confirmation:anna"}}},
    {"a client who always wants a person: nothing is done without one",
     {{MON, "anna", "policy always", "", ""},
      {MON, "anna", "request in:2026-03-09/2026-03-13 +etienne", "supervision", ""},
      {MON, "anna", "approve", "proposing", "proposal:etienne"},
      {TUE, "etienne", "accept 1", "supervision", ""},
      {TUE, "etienne", "approve", "confirmed", "invitation:etienne confirmation:anna"},
      {WED, "etienne", "thanks", "confirmed", ""},
      {WED, "anna", "cancel", "confirmed", ""},
      {WED, "anna", "approve", "cancelled", "cancellation:etienne acknowledgement:anna"}}},
    {"always, and the reading was wrong",
     {{MON, "anna", "policy always", "", ""},
      {MON, "anna", "request in:2026-03-09/2026-03-13 +etienne", "supervision", ""},
      {MON, "anna", "correct request in:2026-03-16/2026-03-17", "proposing", "proposal:etienne"}}},
    {"who wants a person is heard, and so is what else they say",
     {{MON, "anna", "request in:2026-03-09/2026-03-13 +etienne", "proposing", "proposal:etienne"},
      {TUE, "etienne", "question q person", "supervision", ""},
      {TUE, "etienne", "takeover", "proposing", "acknowledgement:etienne"},
      {WED, "etienne", "accept 1 person", "confirmed", "invitation:etienne confirmation:anna"},
      {WED, "etienne", "takeover", "confirmed", "acknowledgement:etienne"}}},
    {"a client wants a person, and no meeting: it is over once they were answered",
     {{MON, "anna", "other person", "supervision", ""},
      {MON, "anna", "takeover", "cancelled", "acknowledgement:anna"},
      {TUE, "anna", "thanks", "cancelled", ""},
      {TUE, "anna", "other", "supervision", ""},
      {TUE, "anna", "approve", "cancelled", "clarification:anna"}}},
    {"a client complains, whatever their policy",
     {{MON, "anna", "policy never", "", ""},
      {MON, "anna", "other complaint", "supervision", ""},
      {MON, "anna", "refuse", "cancelled", "decline:anna"}}},
    {"a client's threat names no meeting, and nobody in copy is written to",
     {{MON, "anna", "hostile +karim", "supervision", ""},
      {MON, "anna", "accept 1", "supervision", ""},
      {TUE, "anna", "approve", "supervision", "clarification:anna"},
      {TUE, "anna", "approve", "cancelled", "clarification:anna"}}},
    {"a person asks back: the answer is for a person, too",
     {{MON, "anna", "other person", "supervision", ""},
      {MON, "anna", "askback", "gathering", "clarification:anna"},
      {TUE, "anna", "thanks", "supervision", ""},
      {TUE, "anna", "takeover", "cancelled", "acknowledgement:anna"}}},
    {"a person asks back, and nobody answers",
     {{MON, "anna", "other person", "supervision", ""},
      {MON, "anna", "askback", "gathering", "clarification:anna"},
      {"2026-03-30T10:00", "anna", "wait", "abandoned", "notice:anna"},
      {"2026-03-31T10:00", "anna", "question q", "supervision", ""}}},
    {"a person reads a request in it",
     {{MON, "anna", "other person", "supervision", ""},
      {MON, "anna", "correct request in:2026-03-09/2026-03-13 +karim", "proposing", "proposal:karim"},
      {TUE, "karim", "accept 1", "confirmed", "invitation:karim confirmation:anna"},
      {TUE, "anna", "thanks", "confirmed", ""}}},
    {"a bare complaint of a guest is not left unread",
     {{MON, "anna", "request in:2026-03-09/2026-03-13 +victor", "proposing", "proposal:victor"},
      {TUE, "victor", "other complaint", "supervision", ""},
      {TUE, "victor", "takeover", "proposing", "acknowledgement:victor"}}},
    {"orders in a clear answer are not followed",
     {{MON, "anna", "request in:2026-03-09/2026-03-13 +victor", "proposing", "proposal:victor"},
      {TUE, "victor", "accept 2 sus", "confirmed", "invitation:victor confirmation:anna"}}},
    {"a question goes along with the confirmation",
     {{MON, "anna", "request in:2026-03-09/2026-03-13 +kasia", "proposing", "proposal:kasia"},
      {TUE, "kasia", "accept 1 q", "confirmed", "invitation:kasia confirmation:anna"}}},
    {"only a question",
     {{MON, "anna", "request in:2026-03-09/2026-03-13 +kasia", "proposing", "proposal:kasia"},
      {TUE, "kasia", "question q", "proposing", "notice:anna"}}},
    {"the organizer asks where things stand",
     {{MON, "anna", "request in:2026-03-09/2026-03-13 +kasia", "proposing", "proposal:kasia"},
      {TUE, "anna", "question q", "proposing", "notice:anna"},
      {TUE, "kasia", "accept 1", "confirmed", NULL},
      {WED, "anna", "question q", "confirmed", "notice:anna"}}},
    {"an answer that nobody could read is not lost",
     {{MON, "anna", "request in:2026-03-09/2026-03-13 +kasia", "proposing", "proposal:kasia"},
      {TUE, "kasia", "other low", "supervision", ""},
      {TUE, "kasia", "approve", "proposing", "clarification:kasia"}}},
    {"the only guest cancels",
     {{MON, "anna", "request @2026-03-10T14:30 agreed +paolo", "confirmed 2026-03-10T14:30", NULL},
      {TUE, "paolo", "cancel", "cancelled", "cancellation:paolo notice:anna"}}},
    {"the only guest cannot come",
     {{MON, "anna", "request @2026-03-10T14:30 agreed +paolo", "confirmed 2026-03-10T14:30", NULL},
      {TUE, "paolo", "decline", "confirmed 2026-03-10T14:30", "clarification:anna"},
      {WED, "anna", "move in:2026-03-16/2026-03-17", "proposing", NULL}}},
    {"a guest brings somebody along",
     {{MON, "anna", "request @2026-03-10T14:30 agreed +paolo", "confirmed 2026-03-10T14:30", NULL},
      {TUE, "paolo", "change +paule", "confirmed 2026-03-10T14:30", "notice:anna"},
      {WED, "anna", "change +paule", "confirmed 2026-03-10T14:30",
       "invitation:paule acknowledgement:anna"}}},
    {"the organizer names a public holiday",
     {{MON, "anna", "request @2026-04-06T10:00 +paolo", "gathering", "clarification:anna"},
      {TUE, "anna", "accept", "proposing", "proposal:paolo"}}},
    {"an optional guest declines",
     {{MON, "anna", "request in:2026-03-09/2026-03-13 +odette ~sam", "proposing", NULL},
      {TUE, "sam", "decline", "proposing", ""}}},
    {"the place changes while offers are out",
     {{MON, "anna", "request kind:call in:2026-03-09/2026-03-13 +kasia", "proposing",
       "proposal:kasia"},
      {TUE, "anna", "change tel:0144", "proposing", ""},
      {TUE, "anna", "change for:15", "proposing", "proposal:kasia"}}},
    {"anything but Monday",
     {{MON, "anna", "request in:2026-03-09/2026-03-13 +kasia", "proposing", "proposal:kasia"},
      {TUE, "kasia", "accept any not:2026-03-09/2026-03-09", "confirmed",
       "invitation:kasia confirmation:anna"}}},
    {"a question that is an answer",
     {{MON, "anna", "request in:2026-03-09/2026-03-13 +kasia", "proposing", NULL},
      {TUE, "kasia", "request @2026-03-12T10:00", "confirmed 2026-03-12T10:00", NULL}}},
    {"a change that is a move",
     {{MON, "anna", "request @2026-03-10T14:30 agreed +paolo", "confirmed 2026-03-10T14:30", NULL},
      {TUE, "anna", "change in:2026-03-16/2026-03-17", "proposing", "proposal:paolo"}}},
    {"what a guest likes best comes first, even later than wished",
     {{MON, "anna", "request in:2026-03-09/2026-03-13 +kasia", "proposing", NULL},
      {TUE, "kasia", "counter in:2026-03-03/2026-03-31 pref:2026-03-17/2026-03-17", "proposing",
       "proposal:kasia"},
      {WED, "kasia", "counter @2026-03-17T11:00", "confirmed 2026-03-17T11:00", NULL}}},
    {"an answer to our question that nobody could read",
     {{MON, "anna", "request @2026-03-10T14:30 agreed +paolo", "confirmed 2026-03-10T14:30", NULL},
      {TUE, "paolo", "partstat declined", "confirmed 2026-03-10T14:30", "clarification:anna"},
      {WED, "anna", "other low", "confirmed 2026-03-10T14:30", ""},
      {WED, "anna", "approve", "confirmed 2026-03-10T14:30", "clarification:anna"}}},
    {"a correction that is no acceptance",
     {{MON, "anna", "request in:2026-03-09/2026-03-13 +kasia", "proposing", NULL},
      {TUE, "kasia", "unclear any", "supervision", ""},
      {TUE, "kasia", "correct counter in:2026-03-12/2026-03-12", "proposing", "proposal:kasia"}}},
    {"\"all right\" to a question of ours is a yes",
     {{MON, "anna", "request @2026-03-10T10:00 agreed +omar +bev", "confirmed 2026-03-10T10:00", NULL},
      {TUE, "omar", "move @2026-03-11T10:00", "confirmed 2026-03-10T10:00", "clarification:anna"},
      {TUE, "anna", "thanks", "confirmed 2026-03-11T10:00", NULL}}},
    {"any of the other times",
     {{MON, "anna", "busy @2026-03-05T14:30 for:60", "", ""},
      {MON, "anna", "request kind:call @2026-03-05T15:00 +julien", "gathering", "clarification:anna"},
      {MON, "anna", "accept any", "proposing", "proposal:julien"},
      {TUE, "julien", "accept 2", "confirmed", "invitation:julien confirmation:anna"}}},
    {"an address that bounces",
     {{MON, "anna", "request in:2026-03-09/2026-03-13 +kasia", "proposing", "proposal:kasia"},
      {MON, "kasia", "bounce", "gathering", "clarification:anna"},
      {TUE, "anna", "inform addr:katarzyna", "proposing", "proposal:katarzyna"}}},
    {"a number given after the invitation",
     {{MON, "anna", "request kind:call @2026-03-10T15:00 agreed +julien", "confirmed 2026-03-10T15:00",
       NULL},
      {TUE, "julien", "inform tel:0618", "confirmed 2026-03-10T15:00", "update:julien notice:anna"}}},
    {"a series is for a person to see",
     {{MON, "anna", "request series in:2026-03-09/2026-03-13 +kasia", "supervision",
       "acknowledgement:anna"},
      {MON, "anna", "correct request", "proposing", "proposal:kasia"}}},
    {"the meeting is revived as a new event",
     {{MON, "anna", "request @2026-03-10T14:30 agreed +paolo", "confirmed 2026-03-10T14:30", NULL},
      {TUE, "anna", "cancel", "cancelled", "cancellation:paolo acknowledgement:anna"},
      {WED, "anna", "move in:2026-03-16/2026-03-17", "proposing", "proposal:paolo"}}},
    {"the organizer has no free time",
     {{MON, "anna", "busy @2026-03-09T00:00 for:1000", "", ""},
      {MON, "anna", "request for:120 in:2026-03-09/2026-03-09 +kasia", "gathering",
       "clarification:anna"},
      {TUE, "anna", "accept 1", "proposing", "proposal:kasia"}}},
    {"a question of ours without an answer",
     {{MON, "anna", "request for:30 in:2026-03-10/2026-03-10 who:Bob", "gathering",
       "clarification:anna"},
      {"2026-03-30T10:00", "anna", "wait", "abandoned", "notice:anna"}}},
};

static void check_state(const struct world *world, const char *want)
{
    struct slice text = slice_from(want), state = text;
    size_t space = slice_find(text, LIT(" "), 0);
    if (text.len == 0)
        return;
    if (space != SIZE_MAX)
        state = slice_sub(text, 0, space);
    CHECK_TEXT(slice_from(meeting_state_names[world->meeting.state]), arena_text(world->arena, state));
    if (space == SIZE_MAX)
        return;
    CHECK_NUMBER(world->meeting.confirmed.start.us, world_time(want + space + 1).us);
}

static void print_offers(const struct world *world)
{
    for (size_t i = 0; i < world->meeting.offers.count; i++) {
        const struct offer *offer = &world->meeting.offers.items[i];
        printf("#   offer %u %.*s%s\n", offer->number,
               SLICE_ARG(instant_format(offer->span.start, zone_utc(), world->arena)),
               offer->withdrawn ? " withdrawn" : "");
    }
}

static void plays_stories(void)
{
    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
        AUTO_ARENA arena = arena_create(64 << 20);
        struct world world;
        world_start(&world, arena);
        check_row(stories[i].name);
        for (const struct line *line = stories[i].lines; line->at != NULL; line++) {
            unsigned failed = check_failed;
            world_do(&world, line->at, line->who, line->what);
            CHECK(world.status == ST_OK);
            check_state(&world, line->state);
            if (line->mails != NULL)
                CHECK_TEXT(world_mails(&world), line->mails);
            if (check_failed != failed) {
                printf("# in: %s %s\n", line->who, line->what);
                print_offers(&world);
            }
            if (line - stories[i].lines == 11)
                break;
        }
    }
}

static void a_repeated_mail_does_nothing(void)
{
    AUTO_ARENA arena = arena_create(64 << 20);
    struct world world;
    world_start(&world, arena);
    world_do(&world, MON, "anna", "request in:2026-03-09/2026-03-13 +karim");
    world.messages = 0; /* the next mail has the first one's Message-ID */
    struct slice before = world_encoded(&world);
    world_do(&world, TUE, "anna", "request in:2026-03-09/2026-03-13 +karim");
    CHECK_NUMBER(world.outcome, OUTCOME_IGNORED);
    CHECK(world.effects.count == 0 && slice_equal(before, world_encoded(&world)));
}

/* Of two open tasks the one that is named; the other waits on. */
static void a_decision_is_of_its_own_task(void)
{
    AUTO_ARENA arena = arena_create(64 << 20);
    struct world world;
    world_start(&world, arena);
    world_do(&world, MON, "anna", "request in:2026-03-09/2026-03-13 +karim +nadia");
    world_do(&world, TUE, "karim", "unclear");
    world_do(&world, TUE, "nadia", "hostile");
    CHECK_NUMBER(world.meeting.tasks.count, 2);
    struct slice first = arena_copy(arena, world.meeting.tasks.items[0].id);
    struct supervisor_decision decision = {.take_over = LIT("Bonjour Nadia.")};
    struct meeting_input input = {.kind = INPUT_SUPERVISED, .decision = &decision,
                                  .task = arena_copy(arena, world.meeting.tasks.items[1].id)};
    world.effects.count = 0;
    world_input(&world, &input);
    CHECK_OK(world.status);
    CHECK_TEXT(world_mails(&world), "acknowledgement:nadia");
    CHECK_NUMBER(world.meeting.state, MEETING_SUPERVISION);
    CHECK_NUMBER(world.meeting.tasks.count, 1);
    CHECK(slice_equal(world.meeting.tasks.items[0].id, first));
    struct slice before = world_encoded(&world);
    world.effects.count = 0;
    world_input(&world, &input); /* decided already */
    CHECK_NUMBER(world.status, ST_CONFLICT);
    CHECK(world.effects.count == 0 && slice_equal(before, world_encoded(&world)));
}

/* People come, go and change roles, and the place is said. */
static void a_correction_says_who_and_where(void)
{
    AUTO_ARENA arena = arena_create(64 << 20);
    struct world world;
    world_start(&world, arena);
    world_do(&world, MON, "anna", "request in:2026-03-09/2026-03-13 +karim +nadia");
    world_do(&world, TUE, "anna", "unclear");
    struct mention people[] = {{LIT("Odile"), world_address(&world, LIT("odile")), MENTION_ADD},
                               {LIT("Karim"), world_address(&world, LIT("karim")), MENTION_ADD_OPTIONAL},
                               {LIT("Nadia"), world_address(&world, LIT("nadia")), MENTION_REMOVE}};
    struct meeting_request said = {.place = {PLACE_IN_PERSON, LIT("Salle Bleue")}, .people = {people, 3, 3}};
    struct supervisor_decision decision = {.has_reading = true, .has_intent = true, .has_people = true,
                                           .has_place = true,
                                           .reading = {.intent = INTENT_CHANGE, .requests = {&said, 1, 1}}};
    struct meeting_input input = {.kind = INPUT_SUPERVISED, .decision = &decision};
    world_input(&world, &input);
    CHECK_OK(world.status);
    const struct participant_list *now = &world.meeting.people;
    CHECK_NUMBER(now->count, 4);
    CHECK_NUMBER(now->items[1].role, ROLE_OPTIONAL);
    CHECK_NUMBER(now->items[2].status, PARTICIPANT_REMOVED);
    CHECK_TEXT(now->items[3].address, "odile@guest.example");
    CHECK_TEXT(world.meeting.place.text, "Salle Bleue");
    CHECK_NUMBER(world.meeting.tasks.count, 0);
}

static void only_clients_may_ask(void)
{
    AUTO_ARENA arena = arena_create(64 << 20);
    struct world world;
    world_start(&world, arena);
    struct meeting meeting;
    struct meeting_request request = {0};
    struct meeting_input input = {.from = {LIT("Eve"), LIT("eve@guest.example")}};
    struct meeting_env env = {.people = world.people, .people_count = 3, .random = &world.random};
    CHECK_NUMBER(meeting_create(&input, &request, &env, arena, &meeting, NULL), ST_DENIED);
    input.from.address = LIT("olivier@firm.example");
    CHECK_NUMBER(meeting_create(&input, &request, &env, arena, &meeting, NULL), ST_DENIED);
}

/* doc/meeting-states.md, from the table. */
static void print_states(unsigned bits)
{
    bool first = true;
    for (int s = 0; s < MEETING_STATE_COUNT_; s++)
        if ((bits & (1u << s)) != 0) {
            printf("%s%s", first ? "" : ", ", meeting_state_names[s]);
            first = false;
        }
}

static bool leads(int from, int to)
{
    for (size_t i = 0; i < meeting_move_count; i++)
        if ((meeting_moves[i].from & (1u << from)) != 0 && (meeting_moves[i].to & (1u << to)) != 0 &&
            meeting_moves[i].to != meeting_moves[i].from)
            return true;
    return false;
}

static void print_edge(int from, int to)
{
    const char *separator = "";
    printf("    %s --> %s: ", meeting_state_names[from], meeting_state_names[to]);
    for (size_t i = 0; i < meeting_move_count; i++) {
        const struct move *move = &meeting_moves[i];
        if ((move->from & (1u << from)) == 0 || (move->to & (1u << to)) == 0 || move->to == move->from)
            continue;
        printf("%s%s", separator, act_names[move->act]);
        separator = ", ";
    }
    printf("\n");
}

static void print_table(void)
{
    printf("# States of a meeting\n\nMade from the table of moves in `src/domain/meeting/moves.c` by\n"
           "`test_meeting --print`; do not edit.\n\n```mermaid\nstateDiagram-v2\n"
           "    [*] --> gathering: request\n");
    for (int from = 0; from < MEETING_STATE_COUNT_; from++)
        for (int to = 0; to < MEETING_STATE_COUNT_; to++)
            if (from != to && leads(from, to))
                print_edge(from, to);
    printf("    gathering --> supervision: doubt\n    proposing --> supervision: doubt\n"
           "    supervision --> gathering: approved, taken over, corrected, asked back, refused\n"
           "    supervision --> proposing: approved, taken over, corrected, asked back, refused\n"
           "    supervision --> cancelled: refused\n```\n\n"
           "In supervision the acts of others are read as in the state that it goes back to.\n"
           "A pair that is not listed is refused and changes nothing.\n\n"
           "| in | act | what happens | ends in |\n| --- | --- | --- | --- |\n");
    for (size_t i = 0; i < meeting_move_count; i++) {
        printf("| ");
        print_states(meeting_moves[i].from);
        printf(" | %s | %s | ", act_names[meeting_moves[i].act], meeting_moves[i].what);
        print_states(meeting_moves[i].to);
        printf(" |\n");
    }
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--print") == 0) {
        print_table();
        return 0;
    }
    TEST(plays_stories);
    TEST(a_decision_is_of_its_own_task);
    TEST(a_correction_says_who_and_where);
    TEST(only_clients_may_ask);
    TEST(a_repeated_mail_does_nothing);
    return check_done();
}
