"""What every buyer in Python shares: the arguments it takes and the line it prints per purchase."""

import argparse
import asyncio
import hashlib
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib.metadata import version

import httpx
from eth_account import Account
from eth_account.signers.local import LocalAccount

# An instant sale answers only after its transaction is in a block.
PATIENCE = httpx.Timeout(60.0)


@dataclass(frozen=True)
class Order:
    """What to buy, who pays, and up to which price (decimal USDC; None: the client's own limit)."""

    url: str
    payer: LocalAccount
    max_usdc: str | None

    @property
    def max_atomic(self) -> int | None:
        """The price limit in atomic units, read without a float in between."""
        if self.max_usdc is None:
            return None
        whole, _, fraction = self.max_usdc.partition(".")
        return int(whole + fraction.ljust(6, "0"))


def _matching(pattern: str, what: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise argparse.ArgumentTypeError(f"not {what}: {text!r}")
        return text

    return check


def orders_from_arguments() -> list[Order]:
    """One for each purchase. Reads the command line; ends the program with exit code 2 when it makes no sense."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--url", action="append", required=True, type=_matching(r"https?://.+", "a URL"))
    parser.add_argument("--key", required=True, type=_matching(r"0x[0-9a-fA-F]{64}", "32 bytes of hex"))
    parser.add_argument("--times", default="1", type=_matching(r"[1-9]\d{0,5}", "a positive number"))
    parser.add_argument("--max-usdc", type=_matching(r"\d+(\.\d{1,6})?", "an amount with at most six decimals"))
    given = parser.parse_args()
    payer = Account.from_key(given.key)
    return [Order(url, payer, given.max_usdc) for url in given.url for _ in range(int(given.times))]


def _refusal_reason(status: int, payment_response: dict | None, body: bytes) -> str:
    if payment_response:
        for field in ("errorMessage", "errorReason"):
            if payment_response.get(field):
                return payment_response[field]
    try:
        error = json.loads(body).get("error")
        if isinstance(error, str):
            return error
    except (ValueError, AttributeError):
        pass  # Not every answer is JSON; the status then says it all.
    return f"HTTP {status}"


def _reason(error: BaseException) -> str:
    text = str(error) or type(error).__name__
    cause = error.__cause__
    return f"{text}: {cause}" if cause is not None and str(cause) and str(cause) not in text else text


def make_purchases(
    orders: list[Order],
    purchase: Callable[[Order], Awaitable[httpx.Response]],
    decode: Callable[[str], dict],
    result_headers: list[str],
) -> int:
    """Buys one after another, prints one JSON line each, and returns the exit code: 0 when all ended with 200.

    `purchase` makes one purchase with the published client and returns the final response, read to its end;
    `decode` is that client's reading of the result header, looked for under `result_headers` in that order.
    """
    complete = True
    for order in orders:
        line = {
            "client": f"x402@{version('x402')} (Python)",
            "status": None,
            "payer": order.payer.address,
            "paymentResponse": None,
            "rawPaymentResponseHeader": None,
            "sha256": None,
            "bytes": 0,
            "contentType": None,
            "error": None,
        }
        try:
            response = asyncio.run(purchase(order))
            body = response.content
            line["status"] = response.status_code
            line["sha256"] = hashlib.sha256(body).hexdigest()
            line["bytes"] = len(body)
            line["contentType"] = response.headers.get("content-type")
            raw = next((response.headers[name] for name in result_headers if name in response.headers), None)
            line["rawPaymentResponseHeader"] = raw
            if raw is not None:
                line["paymentResponse"] = decode(raw)
            if response.status_code != 200:
                line["error"] = _refusal_reason(response.status_code, line["paymentResponse"], body)
        except Exception as error:  # Whatever the client raises is this purchase's outcome.
            line["error"] = _reason(error)
        if line["status"] != 200 or line["error"] is not None:
            complete = False
        print(json.dumps(line), flush=True)
    return 0 if complete else 1
