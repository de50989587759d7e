//! Days on which nobody in Norway works: weekends and public holidays, Easter computed.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// Why a day is no working day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayOff {
    /// A public holiday, also when it falls on a weekend.
    Holiday(Holiday),
    /// A Saturday.
    Saturday,
    /// A Sunday.
    Sunday,
}

/// A public holiday (lov om helligdager og helligdagsfred § 2; lov om 1 og 17 mai som høgtidsdager).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holiday {
    /// 1 January.
    NewYear,
    /// Three days before Easter Sunday.
    MaundyThursday,
    /// Two days before Easter Sunday.
    GoodFriday,
    /// The first Sunday after the first full moon of spring.
    EasterSunday,
    /// The day after Easter Sunday.
    EasterMonday,
    /// 1 May, a holiday since 1947.
    LabourDay,
    /// 17 May, a holiday since 1947.
    ConstitutionDay,
    /// 39 days after Easter Sunday.
    AscensionDay,
    /// 49 days after Easter Sunday.
    WhitSunday,
    /// 50 days after Easter Sunday.
    WhitMonday,
    /// 25 December.
    ChristmasDay,
    /// 26 December.
    BoxingDay,
}

impl DayOff {
    /// What people call the day, with its article, in Bokmål, Nynorsk and English.
    #[must_use]
    pub const fn names(self) -> [&'static str; 3] {
        match self {
            Self::Holiday(holiday) => holiday.names(),
            Self::Saturday => ["en lørdag", "ein laurdag", "a Saturday"],
            Self::Sunday => ["en søndag", "ein sundag", "a Sunday"],
        }
    }
}

impl Holiday {
    const fn names(self) -> [&'static str; 3] {
        match self {
            Self::NewYear => ["første nyttårsdag", "fyrste nyttårsdag", "New Year's Day"],
            Self::MaundyThursday => ["skjærtorsdag", "skjærtorsdag", "Maundy Thursday"],
            Self::GoodFriday => ["langfredag", "langfredag", "Good Friday"],
            Self::EasterSunday => ["første påskedag", "fyrste påskedag", "Easter Sunday"],
            Self::EasterMonday => ["andre påskedag", "andre påskedag", "Easter Monday"],
            Self::LabourDay => ["offentlig høytidsdag 1. mai", "offentleg høgtidsdag 1. mai", "Labour Day"],
            Self::ConstitutionDay => ["grunnlovsdagen", "grunnlovsdagen", "Constitution Day"],
            Self::AscensionDay => ["Kristi himmelfartsdag", "Kristi himmelfartsdag", "Ascension Day"],
            Self::WhitSunday => ["første pinsedag", "fyrste pinsedag", "Whit Sunday"],
            Self::WhitMonday => ["andre pinsedag", "andre pinsedag", "Whit Monday"],
            Self::ChristmasDay => ["første juledag", "fyrste juledag", "Christmas Day"],
            Self::BoxingDay => ["andre juledag", "andre juledag", "Boxing Day"],
        }
    }
}

/// Why nobody works on a day; `None` for a working day.
#[must_use]
pub fn day_off(day: NaiveDate) -> Option<DayOff> {
    holiday(day).map(DayOff::Holiday).or(match day.weekday() {
        Weekday::Sat => Some(DayOff::Saturday),
        Weekday::Sun => Some(DayOff::Sunday),
        Weekday::Mon | Weekday::Tue | Weekday::Wed | Weekday::Thu | Weekday::Fri => None,
    })
}

/// The public holiday that a day is, if it is one.
#[must_use]
pub fn holiday(day: NaiveDate) -> Option<Holiday> {
    fixed(day).or_else(|| movable(day))
}

/// Easter Sunday of a year of the Gregorian calendar (the algorithm of Meeus, Jones and Butcher).
#[must_use]
pub fn easter_sunday(year: i32) -> Option<NaiveDate> {
    let golden = year % 19;
    let (century, of_century) = (year / 100, year % 100);
    let moon = (century - century / 4 - (8 * century + 13) / 25 + 19 * golden + 15) % 30;
    let leap = 32 + 2 * (century % 4) + 2 * (of_century / 4) - moon - of_century % 4;
    let weekday = leap % 7;
    let shift = (golden + 11 * moon + 22 * weekday) / 451;
    let days = moon + weekday - 7 * shift + 114;
    NaiveDate::from_ymd_opt(year, u32::try_from(days / 31).ok()?, u32::try_from(days % 31 + 1).ok()?)
}

fn fixed(day: NaiveDate) -> Option<Holiday> {
    match (day.month(), day.day()) {
        (1, 1) => Some(Holiday::NewYear),
        (5, 1) if day.year() >= 1947 => Some(Holiday::LabourDay),
        (5, 17) if day.year() >= 1947 => Some(Holiday::ConstitutionDay),
        (12, 25) => Some(Holiday::ChristmasDay),
        (12, 26) => Some(Holiday::BoxingDay),
        _ => None,
    }
}

fn movable(day: NaiveDate) -> Option<Holiday> {
    // The earliest Maundy Thursday is 19 March, the latest Whit Monday 14 June.
    if !(3..=6).contains(&day.month()) {
        return None;
    }
    match day.signed_duration_since(easter_sunday(day.year())?).num_days() {
        -3 => Some(Holiday::MaundyThursday),
        -2 => Some(Holiday::GoodFriday),
        0 => Some(Holiday::EasterSunday),
        1 => Some(Holiday::EasterMonday),
        39 => Some(Holiday::AscensionDay),
        49 => Some(Holiday::WhitSunday),
        50 => Some(Holiday::WhitMonday),
        _ => None,
    }
}

/// The day after; the same day at the end of time.
#[must_use]
pub fn next_day(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::{DayOff, Holiday, NaiveDate, day_off, easter_sunday, holiday};

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn easter_is_where_the_almanac_has_it() {
        let almanac = [
            "1900-04-15",
            "1943-04-25",
            "1954-04-18",
            "1961-04-02",
            "1981-04-19",
            "1999-04-04",
            "2000-04-23",
            "2008-03-23",
            "2011-04-24",
            "2016-03-27",
            "2017-04-16",
            "2018-04-01",
            "2019-04-21",
            "2020-04-12",
            "2021-04-04",
            "2022-04-17",
            "2023-04-09",
            "2024-03-31",
            "2025-04-20",
            "2026-04-05",
            "2027-03-28",
            "2030-04-21",
            "2038-04-25",
            "2049-04-18",
            "2076-04-19",
            "2100-03-28",
            "2200-04-06",
        ];
        for date in almanac.map(day) {
            assert_eq!(easter_sunday(chrono::Datelike::year(&date)), Some(date));
        }
    }

    #[test]
    fn easter_is_always_a_sunday_between_22_march_and_25_april() {
        for year in 1900..=2200 {
            let easter = easter_sunday(year).expect("Easter");
            assert_eq!(chrono::Datelike::weekday(&easter), chrono::Weekday::Sun, "{easter}");
            assert!(day(&format!("{year}-03-22")) <= easter && easter <= day(&format!("{year}-04-25")), "{easter}");
        }
    }

    #[test]
    fn the_holidays_of_2018_are_the_twelve_of_the_law() {
        let of_year: Vec<(String, Holiday)> = day("2018-01-01")
            .iter_days()
            .take(365)
            .filter_map(|date| holiday(date).map(|holiday| (date.to_string(), holiday)))
            .collect();
        let law = [
            ("2018-01-01", Holiday::NewYear),
            ("2018-03-29", Holiday::MaundyThursday),
            ("2018-03-30", Holiday::GoodFriday),
            ("2018-04-01", Holiday::EasterSunday),
            ("2018-04-02", Holiday::EasterMonday),
            ("2018-05-01", Holiday::LabourDay),
            ("2018-05-10", Holiday::AscensionDay),
            ("2018-05-17", Holiday::ConstitutionDay),
            ("2018-05-20", Holiday::WhitSunday),
            ("2018-05-21", Holiday::WhitMonday),
            ("2018-12-25", Holiday::ChristmasDay),
            ("2018-12-26", Holiday::BoxingDay),
        ];
        assert_eq!(of_year, law.map(|(date, holiday)| (date.to_owned(), holiday)).to_vec());
    }

    #[test]
    fn weekends_are_off_and_a_holiday_keeps_its_name_on_them() {
        let table = [
            ("2018-12-15", Some(DayOff::Saturday)),
            ("2017-12-17", Some(DayOff::Sunday)),
            ("2017-12-15", None),
            ("2020-05-17", Some(DayOff::Holiday(Holiday::ConstitutionDay))),
            ("2018-02-01", None),
            ("1946-05-17", None),
        ];
        for (date, off) in table {
            assert_eq!(day_off(day(date)), off, "{date}");
        }
    }
}
