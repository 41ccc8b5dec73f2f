//! Why a question got no proper answer.

use std::fmt;
use std::io;

use sekisho_model::Text;
use sekisho_model::network::FailureKind;

/// A question that got no proper answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What happened.
    pub kind: FailureKind,
    /// More about it: what the system said, or what was wrong with the answer.
    pub detail: Option<String>,
}

impl Failure {
    /// A failure of this kind with nothing more to say.
    pub fn new(kind: FailureKind) -> Self {
        Self { kind, detail: None }
    }

    /// An answer that is none of the protocol's.
    pub fn nonsense(detail: impl Into<String>) -> Self {
        Self { kind: FailureKind::Nonsense, detail: Some(detail.into()) }
    }

    /// What happened, in both languages.
    pub fn reason(&self) -> Text {
        let (en, ja) = match self.kind {
            FailureKind::Refused => ("the connection was refused", "接続が拒否された"),
            FailureKind::TimedOut => ("there was no answer in time", "時間内に応答がなかった"),
            FailureKind::Reset => ("the connection was reset", "接続がリセットされた"),
            FailureKind::Closed => {
                ("the connection was closed before the answer was whole", "応答が完了する前に接続が閉じられた")
            }
            FailureKind::Unreachable => ("the host cannot be reached", "ホストに到達できない"),
            FailureKind::Unresolved => ("the name could not be looked up", "名前を解決できない"),
            FailureKind::Nonsense => ("the answer is none of the protocol's", "応答がプロトコルに従っていない"),
            FailureKind::TooMuch => ("the answer is too large", "応答が上限より大きい"),
            FailureKind::Untrusted => {
                ("the server's certificate is not to be trusted", "サーバーの証明書を信頼できない")
            }
            FailureKind::BudgetSpent => (
                "the requests or the time allowed for this host are used up",
                "このホストに許された要求数または時間を使い切った",
            ),
            FailureKind::Cancelled => ("stopped by the user", "利用者が中止した"),
            FailureKind::Other => ("the system reported an error", "システムがエラーを報告した"),
        };
        Text::new(en, ja)
    }

    /// Whether further questions to the same host are of no use.
    pub fn ends_everything(&self) -> bool {
        matches!(self.kind, FailureKind::BudgetSpent | FailureKind::Cancelled)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason().en)?;
        match &self.detail {
            Some(detail) => write!(f, " ({detail})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Failure {}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        // A connection's own reads and writes carry the failure inside the error that `Read` and `Write` ask for.
        if let Some(own) = error.get_ref().and_then(|inner| inner.downcast_ref::<Self>()) {
            return own.clone();
        }
        // So does rustls with what is wrong with a certificate.
        if let Some(rustls::Error::InvalidCertificate(wrong)) =
            error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>())
        {
            return Self { kind: FailureKind::Untrusted, detail: Some(wrong.to_string()) };
        }
        let kind = match error.kind() {
            io::ErrorKind::ConnectionRefused => FailureKind::Refused,
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => FailureKind::TimedOut,
            io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => {
                FailureKind::Reset
            }
            io::ErrorKind::UnexpectedEof => FailureKind::Closed,
            io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable | io::ErrorKind::AddrNotAvailable => {
                FailureKind::Unreachable
            }
            io::ErrorKind::InvalidData => FailureKind::Nonsense,
            _ => FailureKind::Other,
        };
        let detail = matches!(kind, FailureKind::Other | FailureKind::Nonsense).then(|| error.to_string());
        Self { kind, detail }
    }
}

impl From<Failure> for io::Error {
    fn from(failure: Failure) -> Self {
        let kind = match failure.kind {
            FailureKind::Refused => io::ErrorKind::ConnectionRefused,
            FailureKind::TimedOut => io::ErrorKind::TimedOut,
            FailureKind::Reset => io::ErrorKind::ConnectionReset,
            FailureKind::Closed => io::ErrorKind::UnexpectedEof,
            FailureKind::Unreachable => io::ErrorKind::HostUnreachable,
            FailureKind::Nonsense => io::ErrorKind::InvalidData,
            _ => io::ErrorKind::Other,
        };
        Self::new(kind, failure)
    }
}
