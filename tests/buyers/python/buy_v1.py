"""A buyer with the published Python client of protocol version 1."""

import sys

import httpx
from x402.clients.base import decode_x_payment_response
from x402.clients.httpx import x402HttpxClient

from purchases import PATIENCE, Order, make_purchases, orders_from_arguments


async def purchase(order: Order) -> httpx.Response:
    # This client pays at most once in its life, so each purchase gets its own.
    async with x402HttpxClient(account=order.payer, max_value=order.max_atomic, timeout=PATIENCE) as client:
        return await client.get(order.url)


sys.exit(make_purchases(orders_from_arguments(), purchase, decode_x_payment_response, ["x-payment-response"]))
