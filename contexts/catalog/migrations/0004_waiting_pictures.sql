-- Some pictures of a job at a time, in the order of its file: no more are read than fetched.
drop index import_picture_waiting;
create index import_picture_waiting on import_picture (job_id, row, place) where state = 'WAITING';
