// For a lead: how often the machine doubted and people agreed, its errors by confidence, and how long a request took.
import type { Language } from '../i18n';
import { locale } from '../i18n/time';
import { lengthTaken } from './left';
import { LeadPage, useLoaded } from './loaded';
import { sayOr, useScene } from './scene';
import type { Stats, StatsConfidence, StatsGroup } from './types';

/** "6.8 %", "6,8 %" */
const share = (part: number, whole: number, language: Language): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toLocaleString(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 })}\u00a0%`;

function Numbers({ stats }: { stats: Stats }) {
  const { say, language } = useScene();
  const sum = (of: 'messages' | 'doubts' | 'judged' | 'agreed') => stats.days.reduce((all, day) => all + day[of], 0);
  const rows = [
    [say('stats.doubts'), share(sum('doubts'), sum('messages'), language)],
    [say('stats.agreed'), share(sum('agreed'), sum('judged'), language)],
    [say('stats.sampled'), share(stats.sampled_wrong, stats.sampled, language)],
    [say('stats.breached'), String(stats.breached)],
  ] as const;
  return (
    <dl class="numbers">
      {rows.map(([name, value]) => <div class="panel" key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
    </dl>
  );
}

function Confidence({ rows }: { rows: readonly StatsConfidence[] }) {
  const { say, language } = useScene();
  return (
    <section class="panel" aria-labelledby="errors">
      <h2 id="errors">{say('stats.errors')}</h2>
      <table>
        <thead><tr><th scope="col">{say('stats.confidence')}</th><th scope="col">{say('stats.samples')}</th><th scope="col">{say('stats.wrong')}</th></tr></thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.from}><th scope="row">{row.from / 10}–{row.until / 10} %</th><td>{row.samples}</td><td>{row.wrong} ({share(row.wrong, row.samples, language)})</td></tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Groups({ rows }: { rows: readonly StatsGroup[] }) {
  const { say, language } = useScene();
  return (
    <section class="panel" aria-labelledby="groups">
      <h2 id="groups">{say('stats.groups')}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{say('stats.reason')}</th><th scope="col">{say('stats.language')}</th><th scope="col">{say('stats.decided')}</th>
            <th scope="col">{say('stats.agreement')}</th><th scope="col">{say('stats.waited')}</th><th scope="col">{say('stats.held')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.reason + row.language}>
              <th scope="row">{sayOr(say, 'why', row.reason, say('why.other'))}</th><td>{say(`tongue.${row.language}`)}</td><td>{row.decided}</td>
              <td>{share(row.agreed, row.judged, language)}</td><td>{lengthTaken(row.waited_s)}</td><td>{lengthTaken(row.held_s)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export function StatsPage() {
  const { say, language } = useScene();
  const loaded = useLoaded<Stats>('/stats');
  return (
    <LeadPage name={say('page.stats')} intro={say('stats.intro')} loaded={loaded}>
      {(stats) => (
        <>
          <p class="soft">{say('stats.since', { day: new Intl.DateTimeFormat(locale(language), { day: 'numeric', month: 'long', year: 'numeric' }).format(new Date(stats.since)) })}</p>
          {stats.groups.length === 0 ? <p class="soft">{say('stats.nothing')}</p> : (
            <>
              <Numbers stats={stats} />
              <Confidence rows={stats.confidence} />
              <Groups rows={stats.groups} />
            </>
          )}
        </>
      )}
    </LeadPage>
  );
}
