//! No operation of the document goes untested.

use std::collections::BTreeMap;

use support::{document, records};

use crate::{
    accounting, archive, batch, calendar, changes, clients, committee, content, contract, cost_keys, decisions, demo,
    events, exchange, finance, flags, handling, handling_reports, journal, open_shapes, portfolio, privacy, registers,
    reports, schedule, sessions, status_reports, webhooks, well_known, wire,
};

/// A test, so that the name of one that is gone does not compile.
type Test = fn();

/// The operations beside the standard methods, each with a test of it.
const NAMED: &[(&str, &str, Test)] = &[
    ("POST", "/api/v1/auth/login", sessions::a_wrong_password_and_an_unknown_user_get_the_same_answer::sqlite),
    ("POST", "/api/v1/auth/logout", sessions::a_login_opens_a_session_and_a_logout_ends_it::sqlite),
    ("POST", "/oauth/token", sessions::a_refresh_token_works_once_and_using_it_again_ends_the_session::sqlite),
    ("PUT", "/api/v1/users/{id}/password", sessions::a_new_password_ends_every_session::sqlite),
    (
        "POST",
        "/api/v1/clients/{id}/rotate-secret",
        clients::a_secret_is_rotated_with_an_overlap_and_revoked_without::sqlite,
    ),
    ("GET", "/api/v1/me", sessions::me_tells_roles_and_rights_by_project::sqlite),
    ("GET", "/api/v1/projects/{id}/status", demo::the_status_tells_what_is_known_of_sør_troms::sqlite),
    ("GET", "/api/v1/projects/{id}/findings", demo::both_errors_are_about_the_milestone_with_the_wrong_year::sqlite),
    ("GET", "/api/v1/projects/{id}/organisation", demo::the_organisation_is_told_by_role::sqlite),
    ("GET", "/api/v1/projects/{id}/calendar.ics", calendar::a_calendar_updates_in_place::sqlite),
    ("GET", "/api/v1/projects/{id}/reports.atom", calendar::published_reports_are_a_feed::sqlite),
    (
        "POST",
        "/api/v1/projects/{id}/calendar-links",
        calendar::a_secret_link_shows_what_observers_see_until_it_is_revoked::sqlite,
    ),
    (
        "GET",
        "/api/v1/projects/{id}/calendar-links",
        calendar::a_link_is_its_makers_and_who_writes_the_project_may_revoke_it::sqlite,
    ),
    (
        "DELETE",
        "/api/v1/calendar-links/{id}",
        calendar::a_link_is_its_makers_and_who_writes_the_project_may_revoke_it::sqlite,
    ),
    ("GET", "/calendar/{token}.ics", calendar::a_link_ends_with_the_sight_of_its_maker::sqlite),
    ("GET", "/reports/{token}.atom", calendar::published_reports_are_a_feed::sqlite),
    ("GET", "/api/v1/projects/{id}/schedule", schedule::the_schedule_of_sør_troms_hides_nothing::sqlite),
    ("GET", "/api/v1/projects/{id}/schedule.svg", schedule::the_picture_is_one_of_its_own_and_runs_nothing::sqlite),
    (
        "GET",
        "/api/v1/projects/{id}/political-handling",
        handling_reports::a_matrix_says_where_each_municipality_stands::sqlite,
    ),
    (
        "GET",
        "/api/v1/projects/{id}/decisions",
        handling_reports::every_decision_says_who_made_it_and_what_it_changed::sqlite,
    ),
    (
        "GET",
        "/api/v1/projects/{id}/document",
        exchange::what_was_taken_out_and_brought_in_is_the_same_bytes_on_any_engine::sqlite,
    ),
    ("GET", "/api/v1/regions/{id}/capacity", demo::the_region_has_4_7_fte_in_2017_and_fosen_shrinks::sqlite),
    ("GET", "/api/v1/projects/{id}/finance", finance::what_is_planned_spent_and_worked_adds_up::sqlite),
    ("GET", "/api/v1/projects/{id}/rf1350", finance::a_payout_report_is_ready_to_copy::sqlite),
    ("GET", "/api/v1/projects/{id}/results", changes::jobs_are_counted_apart_by_what_is_sure::sqlite),
    ("GET", "/api/v1/projects/{id}/changes", changes::what_has_changed_is_told_in_words_and_data::sqlite),
    ("GET", "/api/v1/projects/{id}/variance", changes::the_plan_is_held_against_that_of_a_decision::sqlite),
    ("GET", "/api/v1/projects/{id}/saksfaser", open_shapes::the_phases_of_a_case_have_the_protocols_shape::sqlite),
    (
        "GET",
        "/api/v1/projects/{id}/public-journal",
        open_shapes::the_public_journal_shields_what_is_exempt_and_forgets_names::sqlite,
    ),
    ("GET", "/api/v1/projects/{id}/oc4ids", open_shapes::open_data_holds_what_is_for_everybody::sqlite),
    ("GET", "/api/v1/projects/{id}/catalogue", open_shapes::open_data_holds_what_is_for_everybody::sqlite),
    ("GET", "/api/v1/portfolio", portfolio::projects_stand_side_by_side_a_page_at_a_time::sqlite),
    ("GET", "/api/v1/programmes/{id}/comparison", portfolio::a_programme_compares_its_own_projects::sqlite),
    ("GET", "/api/v1/projects/{id}/deadlines", finance::what_is_due_stands_in_the_order_of_its_days::sqlite),
    ("GET", "/api/v1/cost-keys/{id}/shares", cost_keys::a_key_keeps_its_history::sqlite),
    ("POST", "/api/v1/cost-keys/preview", cost_keys::the_worked_table_comes_out_to_the_krone::sqlite),
    ("POST", "/api/v1/imports/accounting", accounting::accounts_come_in_once_however_often_they_come::sqlite),
    ("POST", "/api/v1/imports/municipalities", registers::the_list_of_municipalities_comes_in_once::sqlite),
    ("POST", "/api/v1/imports/projects", exchange::a_document_with_a_fault_is_kept_out_whole::sqlite),
    (
        "POST",
        "/api/v1/projects/{id}/continue",
        decisions::a_project_is_continued_from_a_recommendation_that_was_adopted::sqlite,
    ),
    (
        "POST",
        "/api/v1/organisations/{id}/refresh",
        registers::what_is_not_known_is_filled_in_and_what_differs_is_told::sqlite,
    ),
    ("POST", "/api/v1/documents/{id}/finalise", decisions::an_adopted_document_is_only_superseded::sqlite),
    ("POST", "/api/v1/documents/{id}/adopt", decisions::an_adopted_document_is_only_superseded::sqlite),
    (
        "POST",
        "/api/v1/decision-points/{id}/decide",
        decisions::a_decision_point_passes_with_its_documents_and_starts_the_project::sqlite,
    ),
    (
        "GET",
        "/api/v1/decision-points/{id}/readiness",
        decisions::a_decision_point_passes_with_its_documents_and_starts_the_project::sqlite,
    ),
    (
        "POST",
        "/api/v1/political-cases/{id}/incoming-resolutions",
        committee::a_final_resolution_closes_the_right_case_and_twice_is_once::sqlite,
    ),
    (
        "GET",
        "/api/v1/political-cases/{id}/utvalgssak",
        committee::a_case_goes_out_as_its_committee_system_takes_it::sqlite,
    ),
    (
        "GET",
        "/api/v1/projects/{id}/archive-package",
        archive::a_package_opens_as_files_with_the_right_hashes_and_is_the_same_every_time::sqlite,
    ),
    (
        "POST",
        "/api/v1/projects/{id}/archive-receipts",
        archive::a_receipt_comes_in_once_and_the_next_package_has_what_is_new::sqlite,
    ),
    ("GET", "/api/v1/agreements/{id}/completeness", handling::an_agreement_tells_what_the_law_requires_of_it::sqlite),
    ("POST", "/api/v1/status-reports/{id}/submit", status_reports::a_report_goes_forward_by_those_who_may::sqlite),
    ("POST", "/api/v1/status-reports/{id}/approve", status_reports::a_report_goes_forward_by_those_who_may::sqlite),
    ("POST", "/api/v1/status-reports/{id}/publish", status_reports::a_report_goes_forward_by_those_who_may::sqlite),
    ("POST", "/api/v1/status-reports/{id}/signatures", status_reports::organisations_sign_over_the_hash::sqlite),
    (
        "GET",
        "/api/v1/status-reports/{id}/snapshot",
        status_reports::what_is_published_never_changes_and_can_be_proved::sqlite,
    ),
    ("GET", "/api/v1/status-reports/{id}/verification", status_reports::what_is_tampered_with_is_found::sqlite),
    ("GET", "/api/v1/events", events::what_happened_stands_in_its_order_and_there_is_always_a_next::sqlite),
    ("GET", "/api/v1/flags", flags::what_is_found_is_raised_and_what_is_mended_is_cleared::sqlite),
    ("GET", "/api/v1/flags/{id}", flags::what_is_found_is_raised_and_what_is_mended_is_cleared::sqlite),
    (
        "GET",
        "/api/v1/webhook-deliveries",
        webhooks::what_happens_arrives_signed_and_tells_nothing_of_the_record::sqlite,
    ),
    ("GET", "/api/v1/webhook-deliveries/{id}", webhooks::a_delivery_is_made_once_more_under_the_same_name::sqlite),
    (
        "POST",
        "/api/v1/webhook-deliveries/{id}/redeliver",
        webhooks::a_delivery_is_made_once_more_under_the_same_name::sqlite,
    ),
    ("POST", "/api/v1/webhooks/{id}/test", webhooks::a_test_arrives_once_even_while_the_webhook_is_disabled::sqlite),
    (
        "POST",
        "/api/v1/webhooks/{id}/rotate-secret",
        webhooks::a_secret_is_shown_once_and_rotated_with_an_overlap::sqlite,
    ),
    ("POST", "/api/v1/people/{id}/erase", privacy::an_erasure_leaves_nothing_behind_and_the_chain_holds::sqlite),
    ("GET", "/api/v1/people/{id}/data-export", privacy::a_person_gets_all_of_its_data_and_none_of_others::sqlite),
    ("GET", "/api/v1/processing-records", privacy::records_of_processing_say_what_is_held_and_how_long::sqlite),
    ("POST", "/api/v1/retention/run", privacy::what_is_told_to_go_is_what_goes_and_goes_once::sqlite),
    ("GET", "/api/v1/person-views", privacy::who_saw_whose_contact_details_is_written_down::sqlite),
    ("GET", "/api/v1/person-views/{id}", privacy::who_saw_whose_contact_details_is_written_down::sqlite),
    ("GET", "/api/v1/erasures", privacy::an_erasure_leaves_nothing_behind_and_the_chain_holds::sqlite),
    ("GET", "/api/v1/erasures/{id}", privacy::an_erasure_leaves_nothing_behind_and_the_chain_holds::sqlite),
    ("GET", "/api/v1/journal/verification", journal::administrators_are_told_whether_the_journal_holds::sqlite),
    ("POST", "/api/v1/journal/checkpoint", journal::a_checkpoint_is_signed_and_found_again::sqlite),
    ("GET", "/api/v1/journal-checkpoints", journal::a_checkpoint_is_signed_and_found_again::sqlite),
    ("GET", "/api/v1/journal-checkpoints/{id}", journal::a_checkpoint_is_signed_and_found_again::sqlite),
    ("POST", "/api/v1/batch", batch::what_is_named_is_used_by_what_comes_after::sqlite),
    ("PUT", "/api/v1/documents/{id}/content", content::what_goes_in_comes_out_with_its_digest::sqlite),
    ("GET", "/api/v1/documents/{id}/content", content::a_range_is_a_part::sqlite),
    ("GET", "/api/v1/documents/{id}/contents", content::every_upload_is_a_version_and_old_ones_stay::sqlite),
    ("GET", "/api/v1/code-lists", reports::code_lists_have_labels_in_three_languages::sqlite),
    ("GET", "/.well-known/jwks.json", sessions::the_published_key_verifies_a_token_and_no_other_algorithm_does::sqlite),
    (
        "GET",
        "/.well-known/security.txt",
        well_known::contacts_for_vulnerabilities_are_those_of_the_configuration::sqlite,
    ),
    ("GET", "/.well-known/oauth-protected-resource", well_known::programs_find_out_by_themselves::sqlite),
    ("GET", "/.well-known/api-catalog", well_known::programs_find_out_by_themselves::sqlite),
    ("GET", "/openapi.json", wire::the_document_and_its_page_are_served::sqlite),
    ("GET", "/healthz", wire::operators_are_told_that_it_lives_and_is_ready::sqlite),
    ("GET", "/readyz", wire::operators_are_told_that_it_lives_and_is_ready::sqlite),
    ("GET", "/problems/{code}", wire::a_problem_has_a_page_that_says_what_to_do::sqlite),
];

/// The standard methods, which the contract's tests ask of every resource in the table.
const STANDARD: &[(&str, &str, Test)] = &[
    ("GET", "", contract::list::a_walk_meets_every_record_once::sqlite),
    ("POST", "", contract::create::a_new_record_is_answered_as_it_is_read::sqlite),
    ("GET", "/{id}", contract::read::a_copy_that_is_still_true_is_304::sqlite),
    ("PATCH", "/{id}", contract::change::a_change_needs_the_version_that_was_read::sqlite),
    ("DELETE", "/{id}", contract::delete::a_deleted_record_leaves_every_list_and_its_history_stays::sqlite),
    ("PUT", "/by-reference/{system}/{key}", contract::upsert::a_name_in_another_system_makes_a_record_once::sqlite),
    ("GET", "/{id}/history", contract::history::every_version_stands_with_who_when_why_before_and_after::sqlite),
];

#[test]
fn every_operation_of_the_document_has_a_test() {
    let mut tested: BTreeMap<(String, String), Test> = BTreeMap::new();
    for (method, path, test) in NAMED {
        tested.insert(((*method).to_owned(), (*path).to_owned()), *test);
    }
    for sample in records::all() {
        for (method, suffix, test) in STANDARD {
            if sample.path == "external-references" && suffix.starts_with("/by-reference") {
                continue;
            }
            tested.insert(((*method).to_owned(), format!("/api/v1/{}{suffix}", sample.path)), *test);
        }
    }
    let operations = document::operations();
    assert!(operations.len() > 150, "the document has {} operations", operations.len());
    let untested: Vec<_> = operations.iter().filter(|operation| !tested.contains_key(operation)).collect();
    assert!(untested.is_empty(), "give each of these a test, and name it in tests/it/coverage.rs: {untested:#?}");
    let gone: Vec<_> = tested.keys().filter(|operation| !operations.contains(operation)).collect();
    assert!(gone.is_empty(), "tests/it/coverage.rs names what is not in the document: {gone:#?}");
}
