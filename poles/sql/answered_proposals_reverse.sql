DROP TRIGGER poles_proposal_answered ON poles_proposal;
DROP FUNCTION poles_check_answered();
