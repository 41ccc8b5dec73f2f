//! Facts about web interfaces as people read them.

use sekisho_model::web::{WebCookie, WebForm, WebPassword, WebReflection, WebService, WebSession};

use super::Columns;
use super::cell::{Cell, days, flag, list, maybe, maybe_flag, named, number, raw};
use crate::messages::facts as m;
use crate::messages::web as w;

pub(super) fn service(x: &WebService) -> Columns {
    vec![
        (m::ADDRESS, raw(&x.url)),
        (w::STATUS, Cell::Raw(x.status.to_string())),
        (w::TO_TLS, maybe_flag(x.redirects_to_tls)),
        (w::LOGIN, maybe(x.login.as_deref())),
        (w::LOGIN_IN_CLEAR, if x.login.is_some() { flag(x.login_in_clear) } else { Cell::Empty }),
        (w::MISSING_HEADERS, list(&x.missing_headers)),
        (w::EXPOSED, list(&x.exposed)),
        (w::LISTINGS, list(&x.listings)),
        (w::PRESENTS_AS, list(&x.software)),
        (w::VERSION_TOLD, flag(x.version_told)),
        (w::HSTS, number(x.hsts_seconds)),
        (w::SECURITY_HEADERS, list(&x.security_headers)),
        (w::TITLE, maybe(x.title.as_deref())),
        (w::REDIRECT, maybe(x.redirect.as_deref())),
        (w::DEFAULT_PAGE, maybe(x.default_page.as_deref())),
    ]
}

pub(super) fn cookie(x: &WebCookie) -> Columns {
    vec![
        (m::NAME, raw(&x.cookie)),
        (m::ADDRESS, raw(&x.url)),
        (w::SESSION_COOKIE, flag(x.session)),
        (w::TLS_ONLY, flag(x.secure)),
        (w::NO_SCRIPTS, flag(x.http_only)),
        (w::SAME_SITE, maybe(x.same_site.as_deref())),
        (w::SET_IN_CLEAR, flag(x.in_clear)),
        (w::KEPT, days(x.seconds)),
    ]
}

pub(super) fn form(x: &WebForm) -> Columns {
    vec![
        (w::PAGE, raw(&x.url)),
        (w::SENT_TO, raw(&x.action)),
        (w::METHOD, raw(&x.method)),
        (w::PASSWORD_FIELD, flag(x.password)),
        (m::CLEARTEXT, flag(x.in_clear)),
        (w::FORGERY_TOKEN, maybe_flag(x.forgery_token)),
        (w::SEEN_LOGGED_IN, flag(x.logged_in)),
    ]
}

pub(super) fn session(x: &WebSession) -> Columns {
    vec![
        (w::PAGE, raw(&x.url)),
        (m::USER, raw(&x.user)),
        (w::LOGGED_IN, flag(x.logged_in)),
        (w::FIXATION, maybe_flag(x.fixation)),
        (w::SURVIVES_LOGOUT, maybe_flag(x.survives_logout)),
        (w::OPEN_WITHOUT_SESSION, maybe_flag(x.open_without_session)),
    ]
}

pub(super) fn reflection(x: &WebReflection) -> Columns {
    vec![(w::PAGE, raw(&x.url)), (w::PARAMETER, raw(&x.parameter)), (w::UNESCAPED, flag(x.unescaped))]
}

pub(super) fn password(x: &WebPassword) -> Columns {
    vec![
        (w::PAGE, raw(&x.url)),
        (w::TRIED, named(&x.tried, w::tried)),
        (w::TAKEN, maybe_flag(x.accepted)),
        (w::RESTORED, maybe_flag(x.restored)),
    ]
}
