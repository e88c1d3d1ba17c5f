import type { BackupCounts } from "../../../api/generated/BackupCounts";
import type { BackupView } from "../../../api/generated/BackupView";
import { m } from "../../../i18n/messages";
import { formatCount } from "../../../lib/money";

const NAMES: Partial<Record<string, () => string>> = {
  practice: m.backups_practice,
  test: m.backups_test,
  live: m.backups_live,
};

/** What a backup holds, beside what it takes the place of. */
export function Holds({ backup }: { backup: BackupView }) {
  return (
    <div className="mt-3 flex flex-col gap-2">
      <table className="w-full text-left">
        <thead className="text-caption text-text-2">
          <tr>
            <th className="py-1 font-normal">{m.backups_environment()}</th>
            <th className="py-1 font-normal">{m.backups_held()}</th>
            <th className="py-1 font-normal">{m.backups_here()}</th>
          </tr>
        </thead>
        <tbody>
          {backup.environments.map(({ environment, held, here }) => (
            <tr key={environment} className="border-t">
              <th className="py-1 font-medium">{NAMES[environment]?.() ?? environment}</th>
              <td className="py-1">{counts(held)}</td>
              <td className="py-1">{here === null ? m.backups_nothing_here() : counts(here)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {backup.environments.map(({ environment, payoutWarning }) =>
        payoutWarning === null ? null : (
          <p key={environment} className="text-warning break-words">
            {payoutWarning}
          </p>
        ),
      )}
    </div>
  );
}

function counts({ endpoints, payments, open }: BackupCounts): string {
  return m.backups_counts({
    endpoints: m.data_endpoints({ count: endpoints, number: formatCount(endpoints) }),
    payments: m.data_payments({ count: payments, number: formatCount(payments) }),
    open: formatCount(open),
  });
}
