// Written by the app's tests from its list of commands. Do not edit.
import type { BatchDetailView } from "./BatchDetailView";
import type { BatchList } from "./BatchList";
import type { BatchName } from "./BatchName";
import type { BatchQuery } from "./BatchQuery";
import type { EndpointAdd } from "./EndpointAdd";
import type { EndpointList } from "./EndpointList";
import type { EndpointName } from "./EndpointName";
import type { EndpointSetPrice } from "./EndpointSetPrice";
import type { EndpointView } from "./EndpointView";
import type { NetworkSet } from "./NetworkSet";
import type { NetworkView } from "./NetworkView";
import type { PaymentList } from "./PaymentList";
import type { PaymentName } from "./PaymentName";
import type { PaymentQuery } from "./PaymentQuery";
import type { PaymentView } from "./PaymentView";
import type { PracticeBuy } from "./PracticeBuy";
import type { PracticeFund } from "./PracticeFund";
import type { PracticeFunded } from "./PracticeFunded";
import type { PreviewView } from "./PreviewView";
import type { PurchaseList } from "./PurchaseList";
import type { SettingSet } from "./SettingSet";
import type { SettingsView } from "./SettingsView";
import type { Settle } from "./Settle";
import type { SettleView } from "./SettleView";
import type { StatusView } from "./StatusView";

/** Every command: what it takes and what it answers. */
export type Commands = {
  status: [null, StatusView];
  endpoint_add: [EndpointAdd, EndpointView];
  endpoint_list: [null, EndpointList];
  endpoint_show: [EndpointName, EndpointView];
  endpoint_set_price: [EndpointSetPrice, EndpointView];
  endpoint_pause: [EndpointName, EndpointView];
  endpoint_resume: [EndpointName, EndpointView];
  endpoint_remove: [EndpointName, EndpointView];
  payment_list: [PaymentQuery, PaymentList];
  payment_show: [PaymentName, PaymentView];
  batch_list: [BatchQuery, BatchList];
  batch_show: [BatchName, BatchDetailView];
  settle_preview: [null, PreviewView];
  settle: [Settle, SettleView];
  network_set: [NetworkSet, NetworkView];
  settings_get: [null, SettingsView];
  settings_set: [SettingSet, SettingsView];
  practice_fund: [PracticeFund, PracticeFunded];
  practice_buy: [PracticeBuy, PurchaseList];
};
