//! `/findings/`: what the checks found in the settings; a POST looks at what only a running application can tell.

use axum::response::Response;
use http::StatusCode;
use minijinja::{Value, context};

use super::{
    desk::{Changing, Desk},
    texts::Texts,
};
use crate::checks::{LiveLine, LiveOutcome, LiveReport};

pub(super) async fn show(desk: Desk) -> Response {
    page(&desk, None)
}

pub(super) async fn look(changing: Changing) -> Response {
    let desk = changing.desk;
    if let Err(refusal) = changing.form.only(&[]) {
        return desk.answer(Err(refusal));
    }
    let report = desk.admin.sso.check_live().await;
    page(&desk, Some(&report))
}

fn page(desk: &Desk, report: Option<&LiveReport>) -> Response {
    let findings: Vec<Value> = desk
        .admin
        .sso
        .findings()
        .iter()
        .map(|finding| {
            context! { id => finding.id, cause => &finding.cause, remedy => &finding.remedy }
        })
        .collect();
    let report: Option<Vec<Value>> =
        report.map(|report| report.lines.iter().map(|line| shown(line, &desk.texts)).collect());
    let values = context! { findings, report };
    desk.page(StatusCode::OK, ("findings", "findings.html"), values)
}

fn shown(line: &LiveLine, texts: &Texts) -> Value {
    let (outcome, word) = match line.outcome {
        LiveOutcome::Passed => ("passed", "outcome_passed"),
        LiveOutcome::Warning => ("warning", "outcome_warning"),
        LiveOutcome::Failed => ("failed", "outcome_failed"),
        LiveOutcome::NotChecked => ("not_checked", "outcome_not_checked"),
    };
    context! {
        outcome, word => texts.say(word, &[]),
        id => line.id, about => &line.about, detail => &line.detail, cure => &line.cure,
    }
}
