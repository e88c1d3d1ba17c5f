"""A buyer with the published Python client of protocol version 2."""

import sys

import httpx
from x402 import x402Client
from x402.http.clients.httpx import x402HttpxClient
from x402.http.utils import decode_payment_response_header
from x402.mechanisms.evm.exact import register_exact_evm_client

from purchases import PATIENCE, Order, make_purchases, orders_from_arguments


async def purchase(order: Order) -> httpx.Response:
    client = register_exact_evm_client(x402Client(), order.payer)
    if order.max_usdc is not None:
        client.set_spend_controls({"max_amount_per_payment": f"${order.max_usdc}"})
    async with x402HttpxClient(client, timeout=PATIENCE) as http:
        return await http.get(order.url)


def decode(header: str) -> dict:
    return decode_payment_response_header(header).model_dump(by_alias=True, exclude_none=True)


sys.exit(make_purchases(orders_from_arguments(), purchase, decode, ["payment-response", "x-payment-response"]))
