"""`leadscoring serve`: the server, until it is told to end."""

from pathlib import Path
from typing import Any

import click

from scoring_service.api.limits import CALLS_MAX
from scoring_service.cli.options import models, rules, setting, store
from scoring_service.server.options import BATCH_MAX, DRAIN_SECONDS, HTTP, LISTEN, WORKERS_MAX

EPILOG = """\b
Examples:
  leadscoring serve --rules rules
  leadscoring serve --rules rules --store postgresql://leads@db/leads --activate
  leadscoring serve --rules rules --store postgresql://leads@db/leads --workers 4
  LEADSCORING_STORE=sqlite:////var/lib/leads.db leadscoring serve
"""
LEVELS = click.Choice(["debug", "info", "warning", "error"])
WARNING = (
    "leadscoring: calls are not authenticated, so whoever reaches this address may read and change"
    " every lead"
)


@click.command(epilog=EPILOG)
@rules
@models
@store
@setting(
    "--webhooks",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Who is sent events: a YAML file of receivers; their secrets stand in the environment.",
)
@setting(
    "--enrichers",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Who is asked about companies: a YAML file of enrichers; tokens stand in the environment.",
)
@setting("--listen", metavar="HOST:PORT", default=LISTEN, show_default=True, help="For gRPC.")
@setting(
    "--http", metavar="HOST:PORT", default=HTTP, show_default=True, help="For metrics and health."
)
@setting(
    "--allow-unauthenticated",
    is_flag=True,
    help="Listen beyond loopback although calls are not authenticated: whoever reaches the port "
    "may read and change every lead.",
)
@setting("--reflection", is_flag=True, help="Tell clients such as grpcurl what can be called.")
@setting(
    "--activate",
    is_flag=True,
    help="Have these rules decide although another revision has superseded them (PostgreSQL).",
)
@setting(
    "--log-level", type=LEVELS, default="info", show_default=True, help="JSON lines on stderr."
)
@setting(
    "--calls-max",
    type=click.IntRange(1),
    default=CALLS_MAX,
    show_default=True,
    help="Calls answered at once; more are told to come again.",
)
@setting(
    "--batch-max",
    type=click.IntRange(1, BATCH_MAX),
    default=BATCH_MAX,
    show_default=True,
    help="Units of work that share a transaction.",
)
@setting(
    "--drain-seconds",
    type=click.FloatRange(0),
    default=DRAIN_SECONDS,
    show_default=True,
    help="Longest wait for calls in flight when ending.",
)
@setting(
    "--workers",
    type=click.IntRange(1, WORKERS_MAX),
    default=1,
    show_default=True,
    help="Processes that share the gRPC port (PostgreSQL); one that dies is started again.",
)
def serve(rules: Path | None, models: Path | None, **others: Any) -> int:
    """Serve scoring and routing over gRPC until SIGTERM or Ctrl-C, then drain.

    Edited rule files (or SIGHUP) are loaded as a whole and only if nothing is wrong with them.
    """
    from scoring_service.server.collector import collect_seldom

    collect_seldom()
    from scoring_service.server.folders import shipped
    from scoring_service.server.options import Address, Options

    options = Options(rules=rules or shipped("rules"), models=models, **others)

    def started(grpc: Address, http: Address) -> None:
        click.echo(f"serving on {grpc}, metrics and health on http://{http}")
        if options.allow_unauthenticated:
            click.echo(WARNING, err=True)

    if options.workers > 1:
        from scoring_service.server.workers import run_workers

        return run_workers(options, started)
    from scoring_service.server.serve import run

    run(options, started)
    return 0
