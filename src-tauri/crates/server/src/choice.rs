/// The key of a discount code in a query.
const CODE: &str = "code";

/// The key of a price that the buyer chose.
const PAY: &str = "pay";

/// What a request's query says of its price. What is not spelled exactly as a code or an amount is spelled chooses
/// nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice<'q> {
    /// Nothing.
    Everybody,
    /// `?code=`: a discount code, which there may or may not be.
    Code(&'q str),
    /// `?pay=`: an amount of the buyer's own.
    Own(&'q str),
}

impl<'q> Choice<'q> {
    /// Reads the query. Two choices are none: nobody is asked a price that could be read in two ways.
    pub(crate) fn of(query: Option<&'q str>) -> Self {
        let mut choice = Self::Everybody;
        for pair in query.unwrap_or_default().split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let found = match key {
                CODE => Self::Code(value),
                PAY => Self::Own(value),
                _ => continue,
            };
            if choice != Self::Everybody {
                return Self::Everybody;
            }
            choice = found;
        }
        choice
    }
}
