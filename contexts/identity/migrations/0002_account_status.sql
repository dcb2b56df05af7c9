-- Staff's list of one status.
create index account_status on account (status, id);
