"""The yardstick: a plain grpc.aio server that does nothing but parse a request and send a reply.

    python benchmarks/yardstick.py REPLIES

Default event loop, no interceptors, no limits. REPLIES is a folder with `Score` and `Route`, the
encoded messages it answers with. Prints its address once it serves.
"""

import asyncio
import sys
from pathlib import Path

import grpc
from leadscoring.v1 import routing_pb2, routing_pb2_grpc, scoring_pb2, scoring_pb2_grpc


class Scoring(scoring_pb2_grpc.ScoringServiceServicer):
    """One score for everybody."""

    def __init__(self, reply: scoring_pb2.ScoreResponse) -> None:
        self.reply = reply

    async def Score(self, request: object, context: object) -> scoring_pb2.ScoreResponse:  # noqa: N802
        return self.reply


class Routing(routing_pb2_grpc.RoutingServiceServicer):
    """One assignment for everybody."""

    def __init__(self, reply: routing_pb2.RouteResponse) -> None:
        self.reply = reply

    async def Route(self, request: object, context: object) -> routing_pb2.RouteResponse:  # noqa: N802
        return self.reply


async def main(replies: Path) -> None:
    score = scoring_pb2.ScoreResponse.FromString((replies / "Score").read_bytes())
    route = routing_pb2.RouteResponse.FromString((replies / "Route").read_bytes())
    server = grpc.aio.server()
    scoring_pb2_grpc.add_ScoringServiceServicer_to_server(Scoring(score), server)
    routing_pb2_grpc.add_RoutingServiceServicer_to_server(Routing(route), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(f"127.0.0.1:{port}", flush=True)
    await server.wait_for_termination()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
