//! The schedule as tables, milestones first, and as a picture.

use std::sync::LazyLock;

use super::Schedule;
use crate::render::{Format, Tables, View, gantt};
use crate::text;

const MILESTONES: &str = "number title baselineOn plannedOn forecastOn metOn status outsidePeriod activityId id";
const ACTIVITIES: &str = "number title kind startsOn endsOn progressPercent status outsidePeriod parentId id";
const POINTS: &str = "number theme plannedOn decidedOn outcome outsidePeriod id";
const WINDOWS: &str = "title:matter organisation.name:municipality windowFrom windowTo status decidedOn matterId organisation.id:municipalityId caseId";

/// What the document says of the picture.
pub const PICTURE: &str = "The schedule as a picture (SVG): activities, milestones with what was planned first against plan, \
                           forecast and met, decision points, political windows and today, along an axis of months. What has no \
                           date is listed below. Names and dates never lie over each other; a description tells the same to a \
                           screen reader.";

/// The tables of the schedule.
pub static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    Tables::of::<Schedule>("schedule", text!("Framdriftsplan", "Framdriftsplan", "Schedule"))
        .table("milestones", text!("Milepæler", "Milepælar", "Milestones"), "milestones", MILESTONES)
        .table("activities", text!("Aktiviteter", "Aktivitetar", "Activities"), "activities", ACTIVITIES)
        .table(
            "decision-points",
            text!("Beslutningspunkter", "Avgjerdspunkt", "Decision points"),
            "decisionPoints",
            POINTS,
        )
        .table(
            "political-windows",
            text!("Politiske vinduer", "Politiske vindauge", "Political windows"),
            "politicalWindows",
            WINDOWS,
        )
        .table("undated", text!("Uten dato", "Utan dato", "Without a date"), "undated", "title record")
        .view(View { format: Format::Svg, about: PICTURE, draw: gantt::svg, policy: gantt::svg_policy })
});
