"""What imports refuse, with the facts."""


class WrongState(Exception):
    """The import is not at the step at which this could be done."""

    def __init__(self, whole):
        super().__init__(f"import {whole.pk} is {whole.state}")
        self.whole = whole


class ColumnTwice(Exception):
    """Two columns of the file go to the same place."""

    def __init__(self, column):
        super().__init__(f"two columns go to {column.key}")
        self.column = column


class ColumnMissing(Exception):
    """A column without which no row can be read goes nowhere."""

    def __init__(self, columns):
        super().__init__(f"nothing goes to {', '.join(column.key for column in columns)}")
        self.columns = columns


class DateOrderUnclear(Exception):
    """The days of the file can be read in two ways."""


class TooLate(Exception):
    """The days in which an import can be taken back are over."""
