// For a lead: how often the machine doubted and people agreed, its errors by confidence, and how long a request took.
import { useMemo, useState } from 'preact/hooks';
import type { Language } from '../i18n';
import { locale } from '../i18n/time';
import { type Step, sharesOf, stepOf } from './figures';
import { lengthTaken } from './left';
import { LeadPage, useLoaded } from './loaded';
import { sayOr, useScene } from './scene';
import { CalibrationPlot, SharesPlot, TimeBars } from './statsplots';
import type { Stats, StatsConfidence, StatsDay, StatsGroup } from './types';

const DAY_MS = 86_400_000;

/** "6.8 %", "6,8 %" */
const share = (part: number, whole: number, language: Language): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toLocaleString(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 })}\u00a0%`;

/** "0.6–4.8 %" of thousandths */
const interval = (low: number, high: number, language: Language): string => {
  const say = (permille: number) => (permille / 10).toLocaleString(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return `${say(low)}–${say(high)}\u00a0%`;
};

function Numbers({ stats }: { stats: Stats }) {
  const { say, language } = useScene();
  const sum = (of: 'messages' | 'doubts' | 'judged' | 'agreed') => stats.days.reduce((all, day) => all + day[of], 0);
  const { all } = stats;
  const most = (seconds: number) => say('stats.most', { time: lengthTaken(seconds) });
  const rows: [string, string, (string | undefined)?][] = [
    [say('stats.doubts'), share(sum('doubts'), sum('messages'), language)],
    [say('stats.agreed'), share(sum('agreed'), sum('judged'), language)],
    [say('stats.sampled'), share(stats.sampled_wrong, stats.sampled, language),
      stats.sampled === 0 ? undefined : say('stats.of', { count: stats.sampled, interval: interval(stats.sampled_low, stats.sampled_high, language) })],
    [say('stats.waited'), lengthTaken(all.waited_s), most(all.waited_p90_s)],
    [say('stats.held'), lengthTaken(all.held_s), most(all.held_p90_s)],
    [say('stats.breached'), String(stats.breached)],
  ];
  return (
    <dl class="numbers">
      {rows.map(([name, value, more]) => <div class="panel" key={name}><dt>{name}</dt><dd>{value}{more && <small>{more}</small>}</dd></div>)}
    </dl>
  );
}

function DayTable({ rows, step }: { rows: readonly StatsDay[]; step: Step }) {
  const { say, language } = useScene();
  const name = new Intl.DateTimeFormat(locale(language), { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  return (
    <details class="as-table">
      <summary>{say('stats.table')}</summary>
      <div class="table" tabIndex={0} role="group" aria-label={say('stats.table')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{say(`stats.by.${step}`)}</th><th scope="col">{say('stats.messages')}</th><th scope="col">{say('stats.doubt_share')}</th>
              <th scope="col">{say('stats.decided')}</th><th scope="col">{say('stats.agreement')}</th>
            </tr>
          </thead>
          <tbody>
            {[...rows].reverse().map((row) => (
              <tr key={row.day}>
                <th scope="row">{name.format(row.day * DAY_MS)}</th><td>{row.messages}</td><td>{share(row.doubts, row.messages, language)}</td>
                <td>{row.decided}</td><td>{share(row.agreed, row.judged, language)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function OverTime({ stats }: { stats: Stats }) {
  const { say } = useScene();
  const [step, setStep] = useState<Step>(stepOf(stats.days));
  const rows = step === 'day' ? stats.days : stats.weeks;
  const doubts = useMemo(() => sharesOf(rows, step, 'doubts', 'messages'), [rows, step]);
  const agreed = useMemo(() => sharesOf(rows, step, 'agreed', 'judged'), [rows, step]);
  return (
    <section class="panel" aria-labelledby="over-time">
      <div class="panel-head">
        <h2 id="over-time">{say('stats.over_time')}</h2>
        <div class="languages" role="group" aria-labelledby="over-time">
          {(['day', 'week'] as const).map((each) => (
            <button type="button" key={each} aria-pressed={each === step} onClick={() => setStep(each)}>{say(`stats.by.${each}`)}</button>
          ))}
        </div>
      </div>
      <div class="plots">
        <div><h3>{say('stats.doubt_share')}</h3><SharesPlot shares={doubts} label={say('stats.doubt_share')} /></div>
        <div><h3>{say('stats.agreement_share')}</h3><SharesPlot shares={agreed} label={say('stats.agreement_share')} whole /></div>
      </div>
      <DayTable rows={rows} step={step} />
    </section>
  );
}

function Confidence({ rows }: { rows: readonly StatsConfidence[] }) {
  const { say, language } = useScene();
  return (
    <section class="panel" aria-labelledby="errors">
      <h2 id="errors">{say('stats.errors')}</h2>
      <div class="plots">
        <div><CalibrationPlot rows={rows} /></div>
        <div class="table" tabIndex={0} role="group" aria-labelledby="errors">
          <table>
            <thead><tr><th scope="col">{say('stats.confidence')}</th><th scope="col">{say('stats.samples')}</th><th scope="col">{say('stats.wrong')}</th><th scope="col">{say('stats.interval')}</th></tr></thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.from}>
                  <th scope="row">{row.from / 10}–{row.until / 10} %</th><td>{row.samples}</td><td>{row.wrong} ({share(row.wrong, row.samples, language)})</td>
                  <td>{row.samples === 0 ? '–' : interval(row.low, row.high, language)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </section>
  );
}

function Groups({ rows }: { rows: readonly StatsGroup[] }) {
  const { say, language } = useScene();
  const both = (median: number, most: number) => <>{lengthTaken(median)} <small class="soft">{lengthTaken(most)}</small></>;
  return (
    <section class="panel" aria-labelledby="groups">
      <h2 id="groups">{say('stats.groups')}</h2>
      <p class="soft">{say('stats.groups.intro')}</p>
      <div class="plots">
        <TimeBars groups={rows} of="waited" title={say('stats.waited')} />
        <TimeBars groups={rows} of="held" title={say('stats.held')} />
      </div>
      <div class="table" tabIndex={0} role="group" aria-labelledby="groups">
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
                <td>{share(row.agreed, row.judged, language)}</td><td>{both(row.waited_s, row.waited_p90_s)}</td><td>{both(row.held_s, row.held_p90_s)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

export function StatsPage() {
  const { say, language } = useScene();
  const loaded = useLoaded<Stats>('/stats');
  return (
    <LeadPage class="stats" name={say('page.stats')} intro={say('stats.intro')} loaded={loaded}>
      {(stats) => (
        <>
          <p class="soft">{say('stats.since', { day: new Intl.DateTimeFormat(locale(language), { day: 'numeric', month: 'long', year: 'numeric' }).format(new Date(stats.since)) })}</p>
          {stats.groups.length === 0 ? <p class="soft">{say('stats.nothing')}</p> : (
            <>
              <Numbers stats={stats} />
              <OverTime stats={stats} />
              <Confidence rows={stats.confidence} />
              <Groups rows={stats.groups} />
            </>
          )}
        </>
      )}
    </LeadPage>
  );
}
