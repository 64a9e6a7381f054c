-- As in 0067_causes.sql. That a collector speaks of a resource no longer while others do is no change in the terms of that API
-- either, where the document stays as it was.
create or replace view change_history with (security_invoker = true) as
  select h.domain_id, h.record_id, h.cloud_service_id, h.action, h.changes, h.task_seq, h.created_at,
         coalesce(k.collector_id, '') as collector_id, coalesce(k.job_id, '') as job_id, h.user_id
    from (
      select domain_id, 'record-1' || lpad(to_hex(seq), 11, '0') as record_id, cloud_service_id, action, changes,
             task_seq, created_at, coalesce(nullif(coalesce(evidence->>'by', evidence->>'released_by'), 'anonymous'), '') as user_id
        from change_record
       where evidence is null or evidence->>'kind' not in ('merged', 'absence', 'retired') or changes <> '[]'
       union all
      select domain_id, 'record-0' || right(cloud_service_id, 11), cloud_service_id, 'CREATE', '[]'::jsonb, created_seq,
             created_at, coalesce(created_by, '')
        from cloud_service
    ) h
    left join known_task k on k.domain_id = h.domain_id and k.seq = h.task_seq;
