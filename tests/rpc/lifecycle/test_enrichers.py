"""A server that is told whom to ask about companies, over the wire."""

from pathlib import Path
from typing import Any

import pytest
from leadscoring.v1 import lifecycle_pb2 as pb
from leadscoring.v1 import types_pb2

from scoring_service.server.start_problem import StartProblem


def enrichers(folder: Path, companies: str) -> Path:
    (folder / "companies.csv").write_text(companies)
    file = folder / "enrichers.yaml"
    away = "http://127.0.0.1:1/{domain}"
    named = "{name: register, file: companies.csv}", f'{{name: provider, url: "{away}"}}'
    file.write_text(f"enrichers: [{', '.join(named)}]\n")
    return file


def asked(**fields: Any) -> pb.UpsertLeadRequest:
    lead = types_pb2.Lead(lead_id="l-1", source="web", **fields)
    return pb.UpsertLeadRequest(request_id="6d1f9f0e-7a33-4c39-8f2f-3a1c0b6a9d10", lead=lead)


async def test_a_company_is_filled_in_and_who_failed_is_told(serve: Any, tmp_path: Path) -> None:
    file = enrichers(tmp_path, "domain,employees,country\nacme.example,500,DE\n")
    async with serve(enrichers=file) as rpc:
        request = asked(email="ada@acme.example", country="FR")
        state = (await rpc.lifecycle.UpsertLead(request)).state
        again = (await rpc.lifecycle.UpsertLead(request)).state
        history = await rpc.lifecycle.GetHistory(pb.GetHistoryRequest(lead_id="l-1"))
    assert (state.lead.employees, state.lead.country) == (500, "FR")
    assert again.replayed
    assert [(change.field, change.actor_id) for change in history.changes] == [
        ("employees", "enricher:register")
    ]
    told = [one.enrichment for one in history.happenings if one.HasField("enrichment")]
    assert [(one.enricher, list(one.fields)) for one in told] == [
        ("register", ["employees"]),
        ("provider", []),
    ]
    assert "cannot be reached" in told[1].failure


async def test_a_file_that_does_not_load_ends_the_start(serve: Any, tmp_path: Path) -> None:
    with pytest.raises(StartProblem, match=r"companies\.csv, line 2: .*employees"):
        async with serve(enrichers=enrichers(tmp_path, "domain,employees\na.example,many\n")):
            pass
