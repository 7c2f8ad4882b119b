"""The names of all keys; `{campaign}` is a cluster hash tag, so that everything of one campaign shares a slot."""

from dataclasses import dataclass

from monitor.model.metric import Metric
from monitor.model.window import Resolution


@dataclass(frozen=True, slots=True)
class Keys:
    """One method per kind of key; docs/store.md says what each holds. Days are the campaign's local ISO dates."""

    prefix: str = "cm"

    def of(self, campaign: str) -> str:
        """Everything of one campaign begins like this."""
        return f"{self.prefix}:{{{campaign}}}:"

    def series(self, campaign: str, subject: str, platform: str, metric: Metric, resolution: Resolution) -> str:
        return f"{self.of(campaign)}ts:{subject}:{platform}:{metric}:{resolution}"

    def authors(self, campaign: str, subject: str, platform: str, day: str) -> str:
        return f"{self.of(campaign)}au:{subject}:{platform}:{day}"

    def seen(self, campaign: str, month: str) -> str:
        """A set of spellings that nobody lists, met in posts of a local month such as 2016-04."""
        return f"{self.of(campaign)}seen:{month}"

    def seen_in(self, campaign: str, month: str, spelling: str) -> str:
        """A HyperLogLog of the posts of that month with that spelling."""
        return f"{self.seen(campaign, month)}:{spelling}"

    def tags(self, campaign: str, hour: int) -> str:
        """A hash of the other tags that posts of an hour (epoch seconds) carry: tag -> posts."""
        return f"{self.of(campaign)}tags:{hour}"

    def largest(self, campaign: str, metric: str, hour: int) -> str:
        """A sorted set of the posts that gained most in an hour; the hash `…:links` has the links that may be shown."""
        return f"{self.of(campaign)}largest:{metric}:{hour}"

    def people(self, campaign: str, hour: int) -> str:
        """A HyperLogLog of the authors of an hour."""
        return f"{self.of(campaign)}people:{hour}"

    def loud(self, campaign: str, day: str) -> str:
        """A sorted set of the authors of a day, by how many posts each wrote."""
        return f"{self.of(campaign)}loud:{day}"

    def alike(self, campaign: str, day: str) -> str:
        """A sorted set of the wordings of a day, by how many posts had each."""
        return f"{self.of(campaign)}alike:{day}"

    def subjects(self, campaign: str) -> str:
        return f"{self.of(campaign)}subjects"

    def platforms(self, campaign: str) -> str:
        """A hash of every source that ever wrote, and its platform."""
        return f"{self.of(campaign)}platforms"

    def declared(self, campaign: str) -> str:
        """A hash of the sources that are or were configured."""
        return f"{self.of(campaign)}declared"

    def walks(self, campaign: str, source: str) -> str:
        return f"{self.of(campaign)}cursor:{source}"

    def due(self, campaign: str, source: str) -> str:
        return f"{self.of(campaign)}due:{source}"

    def headlines(self, campaign: str) -> str:
        return f"{self.of(campaign)}headlines"

    def runs(self, campaign: str, source: str) -> str:
        return f"{self.of(campaign)}run:{source}"

    def turns(self, campaign: str, source: str) -> str:
        """A list of the runs at which a source began to answer, to fail or to be blind."""
        return f"{self.of(campaign)}turns:{source}"

    def last_up(self, campaign: str) -> str:
        return f"{self.of(campaign)}up"

    def brief(self, campaign: str) -> str:
        return f"{self.of(campaign)}brief"

    def briefs(self, campaign: str) -> str:
        return f"{self.of(campaign)}briefs"

    def digest(self, scope: str, date: str, recipient: str) -> str:
        return f"{self.of(scope)}digest:{date}:{recipient}"

    def reader(self, who: str) -> str:
        """A hash of what became of a reader of the digest: unsubscribed, paused, refused."""
        return f"{self.of('digest')}reader:{who}"

    def shortened(self, campaign: str) -> str:
        """A hash of how long, in seconds, what ends by itself was kept when that was last looked at."""
        return f"{self.of(campaign)}shortened"

    def account(self, account: str) -> str:
        """Everything of one key at a platform begins like this; campaigns that use the same key share it."""
        return f"{self.prefix}:account:{account}:"

    def allowances(self, account: str) -> str:
        return f"{self.account(account)}allowances"

    def spent(self, account: str, allowance: str, start: str) -> str:
        """A hash of what was spent in the period that began then, and since when."""
        return f"{self.account(account)}spent:{allowance}:{start}"

    def course(self, account: str, allowance: str) -> str:
        """A time series of what was spent of an allowance in the period of each moment."""
        return f"{self.account(account)}course:{allowance}"

    def note(self, account: str, name: str) -> str:
        return f"{self.account(account)}note:{name}"

    def admitted(self, account: str, name: str) -> str:
        """A sorted set of those of whom only so many are admitted in a time, by when they came."""
        return f"{self.account(account)}admitted:{name}"

    def poll(self, campaign: str, poll: str) -> str:
        """Everything of one poll begins like this; the hash of its cycles by ISO day has exactly this name."""
        return f"{self.of(campaign)}poll:{poll}"

    def looks(self, campaign: str, poll: str, day: str) -> str:
        """A sorted set of the looks at the poll that names a day, by time (ms)."""
        return f"{self.poll(campaign, poll)}:{day}:looks"

    def votes(self, campaign: str, poll: str, day: str, what: str) -> str:
        """A time series: `votes/OPTION`, `share/OPTION` or `total`."""
        return f"{self.poll(campaign, poll)}:{day}:ts:{what}"

    def snapshot(self, campaign: str, digest: str) -> str:
        """What a poll showed, packed, under its SHA-256."""
        return f"{self.of(campaign)}poll-raw:{digest}"

    def alerts(self, part: str) -> str:
        """A part of what all alerts share: `state`, `turns`, `outbox`, `silences` and `history`."""
        return f"{self.of('*')}alerts:{part}"

    @property
    def lease(self) -> str:
        return f"{self.prefix}:lease"

    @property
    def round(self) -> str:
        """Of which moment the last round of sending digests was."""
        return f"{self.of('digest')}round"

    @property
    def mails(self) -> str:
        """A sorted set of the digests that were sent, by when they were first."""
        return f"{self.of('digest')}mails"

    def mail(self, mail: str) -> str:
        """A hash of one digest as it was sent: what it is, and its content, packed."""
        return f"{self.of('digest')}mail:{mail}"

    def mail_readers(self, mail: str) -> str:
        """A set of the hashes of those who got it."""
        return f"{self.mail(mail)}:readers"

    @property
    def users(self) -> str:
        """A hash of who may sign in, by name."""
        return f"{self.prefix}:users"

    @property
    def tokens(self) -> str:
        """A hash of the tokens of programs, by the SHA-256 of their keys."""
        return f"{self.prefix}:tokens"

    def session(self, digest: str) -> str:
        return f"{self.prefix}:session:{digest}"

    def sessions(self, name: str) -> str:
        """A set of somebody's sessions."""
        return f"{self.prefix}:sessions:{name}"

    def guesses(self, who: str) -> str:
        return f"{self.prefix}:guesses:{who}"

    @property
    def restoring(self) -> str:
        """There while a copy is put back: until then nothing here is whole."""
        return f"{self.prefix}:restoring"

    @property
    def secret(self) -> str:
        return f"{self.prefix}:secret"
