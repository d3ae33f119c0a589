"""People, their sign-in sessions and their grants.

flask-security brings its own idea of roles and wants a WebAuthn table; its roles stay empty,
because what people may do is decided by grants.
"""

from __future__ import annotations

import datetime as dt
import enum
import uuid

import flask_security as security
import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.ext.mutable import MutableList

from cqi.access.law import LONGEST_REFERENCE, BasisKind, DisclosureKind
from cqi.access.permissions import Role
from cqi.core import columns

person_roles = sa.Table(
    "person_security_roles",
    columns.Model.metadata,
    sa.Column("person_id", columns.BigInt, sa.ForeignKey("people.id"), primary_key=True),
    sa.Column("role_id", columns.BigInt, sa.ForeignKey("security_roles.id"), primary_key=True),
)


class SecurityRole(columns.Model, security.RoleMixin):
    """Demanded by flask-security; always empty."""

    __tablename__ = "security_roles"

    id: orm.Mapped[columns.Key]
    name: orm.Mapped[str] = orm.mapped_column(sa.String(80), unique=True)


class Person(columns.Model, security.UserMixin):
    """Somebody who can sign in. `staff_id` is the agency's number for case staff."""

    __tablename__ = "people"

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    email: orm.Mapped[str] = orm.mapped_column(sa.String(255), unique=True)
    name: orm.Mapped[str] = orm.mapped_column(sa.String(200))
    staff_id: orm.Mapped[str | None] = orm.mapped_column(sa.String(40), unique=True)
    password: orm.Mapped[str | None] = orm.mapped_column(sa.String(255))
    active: orm.Mapped[bool] = orm.mapped_column(default=True)
    active_reason: orm.Mapped[columns.Secret | None]  # why they were disabled or enabled last
    fs_uniquifier: orm.Mapped[str] = orm.mapped_column(sa.String(64), unique=True)
    # the mixin types this as never unset
    fs_webauthn_user_handle: orm.Mapped[str | None] = orm.mapped_column(  # type: ignore[assignment]
        sa.String(64), unique=True
    )
    mf_recovery_codes: orm.Mapped[list[str] | None] = orm.mapped_column(
        MutableList.as_mutable(columns.Json.copy())
    )
    tf_primary_method: orm.Mapped[str | None] = orm.mapped_column(sa.String(64))
    tf_totp_secret: orm.Mapped[str | None] = orm.mapped_column(sa.String(255))
    totp_key: orm.Mapped[columns.Secret | None]  # base32, as an authenticator app is given it
    totp_counter: orm.Mapped[int | None] = orm.mapped_column(columns.BigInt)  # of the last code
    demonstration: orm.Mapped[bool] = orm.mapped_column(default=False)
    created_at: orm.Mapped[columns.Instant]
    updated_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())

    # the mixin types its lists by its own mixins
    roles: orm.Mapped[list[SecurityRole]] = orm.relationship(  # type: ignore[assignment]
        secondary=person_roles
    )
    webauthn: orm.Mapped[list[Passkey]] = orm.relationship(  # type: ignore[assignment]
        back_populates="user"
    )


class Passkey(columns.Model, security.WebAuthnMixin):
    """A passkey. Without this class flask-security's mapper fails."""

    __tablename__ = "passkeys"

    id: orm.Mapped[columns.Key]
    credential_id: orm.Mapped[bytes] = orm.mapped_column(sa.LargeBinary(1024), unique=True)
    public_key: orm.Mapped[bytes] = orm.mapped_column(sa.LargeBinary())
    sign_count: orm.Mapped[int] = orm.mapped_column(default=0)
    transports: orm.Mapped[list[str] | None] = orm.mapped_column(
        MutableList.as_mutable(columns.Json.copy())
    )
    backup_state: orm.Mapped[bool]
    device_type: orm.Mapped[str] = orm.mapped_column(sa.String(64))
    extensions: orm.Mapped[str | None] = orm.mapped_column(sa.String(255))
    create_datetime: orm.Mapped[columns.Instant]
    lastuse_datetime: orm.Mapped[columns.Instant]
    name: orm.Mapped[str] = orm.mapped_column(sa.String(64))
    usage: orm.Mapped[str] = orm.mapped_column(sa.String(64))
    user_id: orm.Mapped[int] = columns.reference("people.id")

    user: orm.Mapped[Person] = orm.relationship(back_populates="webauthn")

    def get_user_mapping(self) -> dict[str, str]:
        """How flask-security finds the person of a passkey."""
        return {"fs_uniquifier": self.user.fs_uniquifier}


class SignInSession(columns.Model):
    """One signed-in browser. It ends by sign-out, by age, without activity of its person, or when
    somebody ends it. `seen_at` is that activity: a key press, a click, a page that was opened.

    `second_factor` says what was shown beside the password: "code", "recovery_code", "passkey".
    `fresh_at` is when the person last proved who they are. Rows without `until_at` are over.
    """

    __tablename__ = "sign_in_sessions"

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    person_id: orm.Mapped[int] = columns.reference("people.id")
    started_at: orm.Mapped[columns.Instant]
    seen_at: orm.Mapped[columns.Instant]
    until_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())
    idle_until_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())
    fresh_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())
    second_factor: orm.Mapped[str | None] = orm.mapped_column(sa.String(20))
    browser: orm.Mapped[str | None] = orm.mapped_column(sa.String(60))
    ended_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())
    end_reason: orm.Mapped[str | None] = orm.mapped_column(sa.String(40))


class SignInAttempt(columns.Model):
    """A failed proof of who somebody is, by digest of account and of address, for throttling; with
    the digest of the browser where its person has signed in before."""

    __tablename__ = "sign_in_attempts"

    id: orm.Mapped[columns.Key]
    account_digest: orm.Mapped[str] = orm.mapped_column(sa.String(64), index=True)
    address_digest: orm.Mapped[str] = orm.mapped_column(sa.String(64), index=True)
    device_digest: orm.Mapped[str | None] = orm.mapped_column(sa.String(64))
    at: orm.Mapped[columns.Instant] = orm.mapped_column(index=True)


class RecoveryCode(columns.Model):
    """One code for whoever has lost their second factor, as a salted digest; used once."""

    __tablename__ = "recovery_codes"

    id: orm.Mapped[columns.Key]
    person_id: orm.Mapped[int] = columns.reference("people.id")
    digest: orm.Mapped[str] = orm.mapped_column(sa.String(64))
    made_at: orm.Mapped[columns.Instant]
    used_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())


class GrantRow(columns.Model):
    """A role with its reach, from a date, until a date or at once. Ended with a reason, never
    deleted."""

    __tablename__ = "grants"
    __table_args__ = (
        sa.CheckConstraint("until_on is null or until_on >= from_on", name="dates"),
        sa.CheckConstraint("place_id is null or round_id is null", name="one_reach"),
    )

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    person_id: orm.Mapped[int] = columns.reference("people.id")
    role: orm.Mapped[Role] = orm.mapped_column(columns.enum_type(Role))
    place_id: orm.Mapped[int | None] = columns.reference("places.id", nullable=True)
    round_id: orm.Mapped[int | None] = columns.reference("rounds.id", nullable=True)
    from_on: orm.Mapped[columns.Day]
    until_on: orm.Mapped[dt.date | None]
    reason: orm.Mapped[str] = orm.mapped_column(sa.Text())
    granted_by_id: orm.Mapped[int | None] = columns.reference("people.id", nullable=True)
    granted_at: orm.Mapped[columns.Instant]
    ended_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())
    ended_by_id: orm.Mapped[int | None] = orm.mapped_column(columns.BigInt)
    end_reason: orm.Mapped[str | None] = orm.mapped_column(sa.Text())

    person: orm.Mapped[Person] = orm.relationship(foreign_keys=[person_id])


class Decision(enum.StrEnum):
    """What became of a proposal."""

    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class AdministratorProposal(columns.Model):
    """Somebody is to be an administrator: one proposes, another confirms. No grant before that."""

    __tablename__ = "administrator_proposals"

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    person_id: orm.Mapped[int] = columns.reference("people.id")
    reason: orm.Mapped[str] = orm.mapped_column(sa.Text())
    proposed_by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    proposed_at: orm.Mapped[columns.Instant]
    expires_at: orm.Mapped[columns.Instant]
    decision: orm.Mapped[Decision | None] = orm.mapped_column(columns.enum_type(Decision))
    decided_by_id: orm.Mapped[int | None] = columns.reference(
        "people.id", nullable=True, index=False
    )
    decided_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())
    decision_reason: orm.Mapped[str | None] = orm.mapped_column(sa.Text())


class LegalBasis(columns.Model):
    """What lets somebody outside the agency in, until its last day. Never deleted."""

    __tablename__ = "legal_bases"
    __table_args__ = (sa.CheckConstraint("expires_on >= document_on", name="dates"),)

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    person_id: orm.Mapped[int] = columns.reference("people.id")
    kind: orm.Mapped[BasisKind] = orm.mapped_column(columns.enum_type(BasisKind))
    reference: orm.Mapped[str] = orm.mapped_column(sa.String(LONGEST_REFERENCE))
    document_on: orm.Mapped[columns.Day]
    expires_on: orm.Mapped[columns.Day]
    recorded_by_id: orm.Mapped[int] = columns.reference("people.id", index=False)
    recorded_at: orm.Mapped[columns.Instant]
    ended_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())
    ended_by_id: orm.Mapped[int | None] = columns.reference("people.id", nullable=True, index=False)
    end_reason: orm.Mapped[str | None] = orm.mapped_column(sa.Text())


class Disclosure(columns.Model):
    """Case content that left the product: to whom, how much, what for. Append-only, by trigger.

    `subject_kind` and `subject_id` name a "review", a "case" or a "round" by its public id.
    """

    __tablename__ = "disclosures"

    id: orm.Mapped[columns.Key]
    public_id: orm.Mapped[columns.PublicId]
    kind: orm.Mapped[DisclosureKind] = orm.mapped_column(columns.enum_type(DisclosureKind))
    subject_kind: orm.Mapped[str] = orm.mapped_column(sa.String(40))
    subject_id: orm.Mapped[uuid.UUID] = orm.mapped_column(sa.Uuid(), index=True)
    persons: orm.Mapped[columns.Secret]
    extent: orm.Mapped[columns.Secret]
    purpose: orm.Mapped[columns.Secret]
    order_number: orm.Mapped[str | None] = orm.mapped_column(sa.String(LONGEST_REFERENCE))
    expires_on: orm.Mapped[dt.date | None]
    given_on: orm.Mapped[columns.Day]
    by_id: orm.Mapped[int] = columns.reference("people.id")
    at: orm.Mapped[columns.Instant]


class SetUpLink(columns.Model):
    """A way, once, to set a password: what the link says is kept as a digest alone."""

    __tablename__ = "set_up_links"

    id: orm.Mapped[columns.Key]
    person_id: orm.Mapped[int] = columns.reference("people.id")
    digest: orm.Mapped[str] = orm.mapped_column(sa.String(64), unique=True)
    made_by_id: orm.Mapped[int | None] = columns.reference("people.id", nullable=True, index=False)
    made_at: orm.Mapped[columns.Instant]
    expires_at: orm.Mapped[columns.Instant]
    closed_at: orm.Mapped[dt.datetime | None] = orm.mapped_column(columns.UtcDateTime())


def new_uniquifier() -> str:
    """What ties a cookie to a person; a new one ends every sign-in."""
    return uuid.uuid4().hex
