import { useEffect, useMemo } from 'preact/hooks';
import { postAccount } from '../../api/client';
import type { Alert, Alerts as AlertsAnswer, MetricForecast, Metrics as MetricsAnswer, MetricSeries, RoleState } from '../../api/types';
import type { Plot } from '../metrics';
import { draw, ending, lastOf, plots, sayValue } from '../metrics';
import { Note, Shown, Sure, Title, When } from '../parts';
import { PlotView } from '../plot';
import { sayOr, useAction, useLoaded, useScene } from '../scene';

const AGAIN_MS = 30_000;

function AlertRow({ alert, reload }: { alert: Alert; reload: () => Promise<void> }) {
  const { say, language } = useScene();
  const take = useAction(async () => {
    await postAccount(`/alerts/${alert.id}/acknowledge`);
    await reload();
  });
  const end = useAction(async () => {
    await postAccount(`/alerts/${alert.id}/end`);
    await reload();
  });
  const waits = alert.state === 'open' || alert.state === 'escalated';
  const words = Object.entries(alert.words as Record<string, string>).filter(([key]) => key !== 'build' && key !== 'role.name');
  return (
    <li class="row">
      <div class="row-main">
        <p class="row-title">
          {alert.role} · {alert[language]} <span class={`badge ${waits ? 'loud' : ''}`}>{sayOr(say, 'alert', alert.state)}</span>
        </p>
        <p class="row-more">
          {say('alert.count', { count: alert.count })} · <When at={alert.first} /> – <When at={alert.last} />
        </p>
        {words.length > 0 && <p class="row-more words">{words.map(([key, value]) => `${key}=${value}`).join(' ')}</p>}
        {(take.error ?? end.error) && <Note error>{take.error ?? end.error}</Note>}
      </div>
      {waits && <button type="button" class="plain" disabled={take.busy} onClick={() => void take.run()}>{say('alert.take')}</button>}
      {alert.state !== 'ended' && (
        <Sure text={say('alert.end')} question={say('alert.sure')} busy={end.busy} onSure={() => void end.run()} />
      )}
    </li>
  );
}

function AlertCard() {
  const { say } = useScene();
  const loaded = useLoaded<AlertsAnswer>('/alerts');
  return (
    <Shown loaded={loaded}>
      {({ alerts }) => (
        <section class={`card ${alerts.some((each) => each.state === 'open' || each.state === 'escalated') ? 'loud' : ''}`} aria-labelledby="alerts">
          <h2 id="alerts">{say('alerts')}</h2>
          {alerts.length === 0 && <p class="intro">{say('alerts.none')}</p>}
          <ul class="rows">
            {alerts.map((alert) => <AlertRow key={alert.id} alert={alert} reload={loaded.reload} />)}
          </ul>
        </section>
      )}
    </Shown>
  );
}

function Ends({ forecasts }: { forecasts: readonly MetricForecast[] }) {
  const { say } = useScene();
  const soon = ending(forecasts);
  return (
    <section class="card" aria-labelledby="ends">
      <h2 id="ends">{say('metrics.ends')}</h2>
      {soon.length === 0 && <p class="intro">{say(forecasts.length === 0 ? 'metrics.ends_unknown' : 'metrics.ends_none')}</p>}
      {soon.length > 0 && (
        <ul class="rows">
          {soon.map((each) => (
            <li class="row" key={`${each.name} ${each.label}`}>
              <div class="row-main">
                <p class="row-title">{sayOr(say, 'metric', each.name)}</p>
                <p class="row-more">{each.label.replaceAll(',', ', ')}</p>
              </div>
              <When at={each.ends ?? ''} day />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function PlotCard({ plot, series }: { plot: Plot; series: readonly MetricSeries[] }) {
  const { say, language } = useScene();
  const drawn = useMemo(() => draw(plot, series), [plot, series]);
  const title = sayOr(say, 'metrics', plot.id);
  return (
    <section class="card plot-card" aria-labelledby={`plot-${plot.id}`}>
      <h2 id={`plot-${plot.id}`}>{title}</h2>
      {drawn.lines.length === 0 && <p class="intro">{say('metrics.nothing')}</p>}
      {drawn.lines.length > 0 && <PlotView drawn={drawn} label={title} />}
      <ul class="keys">
        {drawn.lines.map((line, i) => (
          <li key={i}>
            <span class={`stroke stroke-${i}`} aria-hidden="true" />
            {sayOr(say, 'metric', line.name)}{language === 'fr' ? '\u00a0:' : ':'} <strong>{sayValue(lastOf(line) ?? 0, line.unit, language)}</strong>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Roles({ roles }: { roles: readonly RoleState[] }) {
  const { say, language } = useScene();
  return (
    <section class="card" aria-labelledby="roles">
      <h2 id="roles">{say('metrics.roles')}</h2>
      <div class="table" tabIndex={0} role="group" aria-labelledby="roles">
        <table>
          <thead>
            <tr>
              <th scope="col">{say('metrics.role')}</th>
              <th scope="col">{say('metrics.since')}</th>
              <th scope="col">{say('metrics.memory')}</th>
              <th scope="col">{say('metrics.cpu')}</th>
              <th scope="col">{say('metrics.lag')}</th>
              <th scope="col">{say('metrics.errors')}</th>
            </tr>
          </thead>
          <tbody>
            {roles.map((role) => (
              <tr key={role.role}>
                <th scope="row">{role.role}{!role.up && <> <span class="badge loud">{say('metrics.silent')}</span></>}</th>
                <td>{role.rendez_role_start_time && <When at={new Date(role.rendez_role_start_time * 1000).toISOString()} />}</td>
                <td>{sayValue(role.rendez_role_memory ?? 0, 'bytes', language)}</td>
                <td>{sayValue(role.rendez_role_cpu ?? 0, 'seconds', language)}</td>
                <td>{sayValue(role.rendez_role_loop_lag ?? 0, 'seconds', language)}</td>
                <td>{sayValue(role.rendez_role_errors ?? 0, '', language)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

export function Metrics() {
  const { say } = useScene();
  const loaded = useLoaded<MetricsAnswer>('/metrics');
  const { reload } = loaded;
  useEffect(() => {
    const timer = setInterval(() => void reload(), AGAIN_MS);
    return () => clearInterval(timer);
  }, [reload]);
  return (
    <>
      <Title intro={say('metrics.intro')}>{say('page.metrics')}</Title>
      <AlertCard />
      <Shown loaded={loaded}>
        {({ forecasts, series, roles }) => (
          <>
            <Ends forecasts={forecasts} />
            <div class="plots">
              {plots.map((plot) => <PlotCard key={plot.id} plot={plot} series={series} />)}
            </div>
            <Roles roles={roles} />
          </>
        )}
      </Shown>
    </>
  );
}
