DROP TRIGGER poles_proposal_kept ON poles_proposal;
DROP FUNCTION poles_protect_proposal();
