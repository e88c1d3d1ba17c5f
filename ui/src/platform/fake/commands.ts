import type { Commands } from "../../api/generated/Commands";
import type { EndpointView } from "../../api/generated/EndpointView";
import { attention, writeOff } from "./attention";
import { forgetBackup, lookIntoBackup, makeBackup, planBackups, restoreBackup } from "./backups";
import { batchDetail, batchView } from "./batch-view";
import { doctor, exported, listRefunds, prepareRefund, reconcile, recordRefund, report } from "./books";
import { serviceOf, tested } from "./content";
import { copies, deleteData, diagnostics, exportAll, showData, spareData } from "./data";
import { checkFacilitator, removeFacilitator, setFacilitator } from "./facilitators";
import { failureView, listFailures, markSettled, reopen, retry } from "./failures";
import { inspected } from "./files";
import { listFiles } from "./folder-files";
import { checklist, mustTakeMoney } from "./live";
import { setNetwork } from "./network";
import { checkNetwork, listNetworks, listNodes, removeNetwork } from "./networks";
import { news } from "./news";
import { listNotices, seeNotices } from "./notices";
import { listPayments } from "./payment-list";
import { paymentDetail, paymentView } from "./payment-view";
import { listPayouts, setPayout, verifyPayout } from "./payout";
import { pictureOf, pictureShown, setCover } from "./pictures";
import { buy, fund } from "./practice";
import {
  cancelPrice,
  checkPrice,
  listPrices,
  priceHistory,
  removePrice,
  setPreview,
  setPrice,
  setQuota,
} from "./prices";
import { quitPreview } from "./quit";
import { checkReach, setReach, showReach, tryReach } from "./reach";
import { type Endpoint, NETWORK } from "./records";
import { refuse } from "./refuse";
import { revenue, settledLately } from "./revenue";
import { getSettings, setSetting } from "./settings";
import { preview, settle } from "./settle";
import { endpointView } from "./shelf";
import type { Stall } from "./stall";
import { listRequests, showFunnel } from "./traffic";
import { listPayers, setExposure, setPayer, showExposure, showPayer } from "./trust";
import { listVersions, setOwnersGet } from "./versions";
import { exportKey, importKey, lockWallet, showWallet, takeKey, unlockWallet } from "./wallet";
import {
  addWebhook,
  listDeliveries,
  listWebhooks,
  redeliver,
  removeWebhook,
  rotateWebhook,
  setWebhook,
  showWebhook,
  testWebhook,
} from "./webhooks";

const USUAL_BATCHES = 50;
const MOST_BATCHES = 200;

type Answers = {
  [Name in keyof Commands]: (request: Commands[Name][0]) => Commands[Name][1] | Promise<Commands[Name][1]>;
};

/** Every command of the app, answered from a stall in memory. */
export function commands(stall: Stall): Answers {
  const { shelf, book, settler, seed } = stall;
  const shown = (endpoint: Endpoint): EndpointView => {
    const lately = (days: number) => settledLately(stall, endpoint, days);
    return endpointView(endpoint, stall.url(), stall.payTo ?? "", book.sums, lately);
  };
  const changed = (name: string, change: (endpoint: Endpoint) => void) => {
    const endpoint = shelf.find(name);
    change(endpoint);
    return shown(endpoint);
  };
  return {
    status: () => stall.status(),
    stall_set: ({ selling, minutes }) => {
      if (selling) {
        mustTakeMoney(stall);
      }
      if (minutes !== undefined && !stall.isSelling && stall.pausedUntil === null) {
        throw refuse("conflict", "The stall is closed already.");
      }
      stall.isSelling = selling;
      stall.pausedUntil = minutes === undefined ? null : stall.clock.now() + minutes * 60_000;
      stall.events.changed("status", "settings");
      return stall.status();
    },
    stall_news: (query) => news(stall, query),
    notice_list: (query) => listNotices(stall, query),
    notices_seen: (request) => seeNotices(stall, request),
    notify_show: () => stall.notifications.show(),
    notify_set: (request) => {
      const now = stall.notifications.set(request);
      stall.events.changed("settings");
      return now;
    },
    file_inspect: ({ file }) => inspected(file),
    endpoint_add: (request) => {
      mustBeReady(stall);
      return shown(shelf.add(request));
    },
    endpoint_list: () => ({
      items: shelf.endpoints.filter(({ state }) => state !== "removed").map(shown),
    }),
    endpoint_show: ({ endpoint }) => shown(shelf.find(endpoint)),
    endpoint_set_price: ({ endpoint, price }) => {
      mustBeReady(stall);
      return changed(endpoint, (found) => shelf.reprice(found, price));
    },
    endpoint_publish_again: ({ endpoint, from }) =>
      changed(endpoint, (found) => shelf.publishAgain(found, from)),
    endpoint_edit: (request) => shown(shelf.edit(request)),
    endpoint_test: ({ endpoint, service }) =>
      tested(endpoint === undefined ? serviceOf(service ?? {}) : shelf.find(endpoint).content),
    endpoint_text: ({ endpoint }) => ({ body: shelf.body(endpoint) }),
    endpoint_pause: ({ endpoint }) => changed(endpoint, (found) => shelf.put(found, "paused")),
    endpoint_resume: ({ endpoint }) => changed(endpoint, (found) => shelf.put(found, "live")),
    endpoint_remove: ({ endpoint }) => changed(endpoint, (found) => shelf.put(found, "removed")),
    endpoint_restore: ({ endpoint }) => changed(endpoint, (found) => shelf.restore(found)),
    endpoint_preview: ({ endpoint, file }) => changed(endpoint, (found) => setPreview(found, file, seed)),
    endpoint_owners_get: ({ endpoint, ownersGet }) => {
      const now = changed(endpoint, (found) => setOwnersGet(found, ownersGet));
      stall.events.changed("endpoints");
      return now;
    },
    endpoint_versions: ({ endpoint }) => {
      const found = shelf.find(endpoint);
      return listVersions(found, shown(found).sales);
    },
    endpoint_cover: ({ endpoint, file }) => {
      const now = changed(endpoint, (found) => setCover(found, file, seed));
      stall.events.changed("endpoints");
      return now;
    },
    seller_show: () => ({ picture: stall.picture }),
    seller_picture: ({ file }) => {
      stall.picture = file === undefined ? null : pictureOf(seed, file);
      stall.events.changed("settings");
      return { picture: stall.picture };
    },
    picture_show: (asked) => pictureShown(seed, asked),
    endpoint_quota: ({ endpoint, requestsADay, countedBy }) =>
      changed(endpoint, (found) => setQuota(found, requestsADay, countedBy)),
    endpoint_files: (query) => listFiles(shelf.find(query.endpoint), query, stall.url()),
    price_check: ({ price: text }) => checkPrice(text),
    price_list: ({ endpoint }) => listPrices(shelf.find(endpoint), stall.url()),
    price_set: (request) => {
      const found = shelf.find(request.endpoint);
      setPrice(found, request, stall.clock.now(), (text) => shelf.reprice(found, text));
      stall.events.changed("endpoints");
      return listPrices(found, stall.url());
    },
    price_remove: (request) => {
      const found = shelf.find(request.endpoint);
      removePrice(found, request, stall.clock.now());
      stall.events.changed("endpoints");
      return listPrices(found, stall.url());
    },
    price_cancel: ({ change }) => {
      const found = cancelPrice(shelf.endpoints, change);
      stall.events.changed("endpoints");
      return listPrices(found, stall.url());
    },
    price_history: ({ endpoint }) => priceHistory(shelf.find(endpoint)),
    payment_list: (query) => listPayments(stall, query),
    payment_show: ({ payment }) => paymentDetail(seed, book.find(payment), stall.url()),
    payment_note: ({ payment, note }) => {
      const found = book.find(payment);
      found.note = note.trim();
      if (found.note === "") {
        delete found.note;
      }
      stall.events.changed("payments");
      return paymentDetail(seed, found, stall.url());
    },
    payment_end_links: ({ payment }) => ({ payment: paymentView(seed, book.find(payment)).id, times: 1 }),
    payment_write_off: (request) => ({ closed: writeOff(stall, request) }),
    attention_list: () => ({ items: attention(stall) }),
    failure_list: (query) => listFailures(stall, query),
    failure_show: ({ payment }) => failureView(stall, book.find(payment)),
    payment_retry: (request) => retry(stall, request),
    payment_reopen: ({ payment }) => reopen(stall, payment),
    payment_settled_elsewhere: ({ payment, transaction }) => markSettled(stall, payment, transaction),
    refund_prepare: (request) => prepareRefund(stall, request),
    refund_record: (request) => recordRefund(stall, request),
    refund_list: (query) => listRefunds(stall, query),
    report: (query) => report(stall, query),
    reconcile: () => reconcile(stall),
    export: (request) => stall.exports.write(exported(stall, request)),
    export_progress: ({ path }) => stall.exports.progress(path),
    export_cancel: ({ path }) => stall.exports.stop(path),
    doctor: () => doctor(stall),
    exposure_show: () => showExposure(stall),
    exposure_set: (request) => setExposure(stall, request),
    payer_list: (query) => listPayers(stall, query),
    payer_show: ({ payer }) => showPayer(stall, payer),
    payer_set: (request) => setPayer(stall, request),
    funnel_show: (query) => showFunnel(stall, query),
    request_list: (query) => listRequests(stall, query),
    revenue: (query) => revenue(stall, query),
    batch_list: ({ limit = USUAL_BATCHES, before = Number.POSITIVE_INFINITY }) => {
      if (limit < 1 || limit > MOST_BATCHES) {
        throw refuse("invalid_request", `A page has 1 to ${MOST_BATCHES} batches.`);
      }
      const older = settler.batches.filter(({ id }) => id < before);
      const wallet = stall.gasWallet().address;
      return {
        items: older
          .slice(-limit)
          .reverse()
          .map((batch) => batchView(seed, wallet, batch)),
      };
    },
    batch_show: ({ batch }) => {
      const found = settler.batches[batch - 1];
      if (found === undefined) {
        throw refuse("not_found", `There is no batch ${batch}.`);
      }
      return batchDetail(seed, stall.gasWallet().address, found);
    },
    settle_preview: () => preview(stall),
    settle: (request) => settle(stall, request),
    quit_preview: () => quitPreview(stall),
    schedule_show: ({ network }) => {
      mustKnow(network);
      return { items: [stall.schedule.view()] };
    },
    schedule_set: ({ network, ...chosen }) => {
      mustKnow(network);
      return stall.schedule.set(chosen);
    },
    network_list: () => ({ items: listNetworks(stall) }),
    backup_show: () => stall.backups.state,
    backup_make: (request) => makeBackup(stall, request),
    backup_look: (request) => lookIntoBackup(stall, request),
    backup_restore: (request) => restoreBackup(stall, request),
    backup_forget: () => forgetBackup(stall),
    backup_plan: (request) => planBackups(stall, request),
    data_show: () => showData(stall),
    data_delete: (request) => deleteData(stall, request),
    data_spare: () => spareData(stall),
    data_export: ({ folder }) => exportAll(stall, folder),
    diagnostics_show: () => diagnostics(stall),
    diagnostics_save: ({ path }) => ({ path, bytes: 188_004, files: diagnostics(stall).files }),
    endpoint_copy_preview: (request) => copies(stall, request, false),
    endpoint_copy: (request) => copies(stall, request, true),
    backup_restored: () => ({
      refusedUntil: stall.clock.now(),
      sentence: "What buyers signed before now is not accepted any more.",
    }),
    network_set: (request) => setNetwork(stall, request),
    network_check: ({ network, accept = false }) => checkNetwork(stall, network, accept),
    network_remove: ({ network }) => removeNetwork(stall, network),
    network_health: () => ({ items: listNodes(stall) }),
    facilitator_show: () => ({ items: [...stall.facilitators.values()] }),
    facilitator_set: (request) => setFacilitator(stall, request),
    facilitator_check: ({ network }) => checkFacilitator(stall, network),
    facilitator_remove: ({ network }) => removeFacilitator(stall, network),
    facilitator_unlock: () => ({ items: [...stall.facilitators.values()] }),
    payout_show: () => ({ items: listPayouts(stall) }),
    payout_set: (request) => setPayout(stall, request),
    payout_verify: (request) => verifyPayout(stall, request),
    wallet_show: () => showWallet(stall),
    wallet_create: (request) => takeKey(stall, request),
    wallet_import: (request) => importKey(stall, request),
    wallet_export: (request) => exportKey(stall, request),
    wallet_lock: (request) => lockWallet(stall, request),
    wallet_unlock: (request) => unlockWallet(stall, request),
    reach_show: () => showReach(stall),
    reach_set: (request) => setReach(stall, request),
    reach_off: () => setReach(stall, { kind: "this_computer" }),
    reach_unlock: () => showReach(stall),
    reach_check: () => checkReach(stall),
    reach_try: () => tryReach(stall),
    webhook_add: (request) => addWebhook(stall, request),
    webhook_list: () => listWebhooks(stall),
    webhook_show: ({ id }) => showWebhook(stall, id),
    webhook_set: (request) => setWebhook(stall, request),
    webhook_remove: ({ id }) => removeWebhook(stall, id),
    webhook_test: ({ id }) => testWebhook(stall, id),
    webhook_rotate: ({ id }) => rotateWebhook(stall, id),
    webhook_deliveries: (request) => listDeliveries(stall, request),
    webhook_redeliver: ({ message }) => redeliver(stall, message),
    live_checklist: () => checklist(stall),
    settings_get: () => getSettings(stall),
    settings_set: (request) => setSetting(stall, request),
    practice_fund: (request) => fund(stall, request),
    practice_buy: (request) => buy(stall, request),
  };
}

/** Practice has one network. */
function mustKnow(network: string | undefined): void {
  if (network !== undefined && network !== NETWORK) {
    throw refuse("not_found", `There is no network ${network.slice(0, 100)}.`);
  }
}

/** A price is quoted in a token, and only the node knows the token. */
function mustBeReady(stall: Stall): void {
  const why = stall.offlineReason();
  if (why !== null) {
    throw refuse("unavailable", `Nothing can be priced on Base Sepolia now. ${why}`);
  }
}
