-- name: answers(request_ids)
select request_id, method, digest, body, at
from requests
where request_id in (select value from json_each(cast(:request_ids as text)));

-- name: keep_answer(request_id, method, digest, body, at)*!
-- Fails where the request has an answer: nobody answers a request twice.
insert into requests (request_id, method, digest, body, at)
values (:request_id, :method, :digest, :body, :at);
