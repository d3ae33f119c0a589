"""Memos are released, and acknowledged by release; debriefs are recorded.

Until now a memo was there as soon as its review was final. Each of those becomes a release without
words of its own; what people acknowledged stays with it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
RATINGS = ("nobody", "supervisors", "everybody")
STAFF = ("caseworker", "supervisor")


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def _instant(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, BigInt, nullable=nullable)


def _points(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _ends(table: str, *unique: tuple[str, ...]) -> list[sa.schema.SchemaItem]:
    named = (
        sa.UniqueConstraint(*each, name=op.f(f"uq_{table}_{'_'.join(each)}")) for each in unique
    )
    return [sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")), *named]


def _debriefs() -> None:
    op.create_table(
        "debriefs",
        _id("id"),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        _id("review_id"),
        _instant("held_at"),
        sa.Column("attended", Json, nullable=False),
        sa.Column("worked", sa.LargeBinary(), nullable=True),
        sa.Column("to_work_on", sa.LargeBinary(), nullable=True),
        _id("by_id"),
        _instant("at"),
        _points("debriefs", "review_id", "case_reviews"),
        _points("debriefs", "by_id", "people"),
        *_ends("debriefs", ("public_id",)),
    )
    op.create_index(op.f("ix_debriefs_review_id"), "debriefs", ["review_id"])


def _drafts() -> None:
    op.create_table(
        "memo_drafts",
        _id("id"),
        _id("review_id"),
        _instant("final_at"),
        sa.Column("opening", sa.LargeBinary(), nullable=True),
        sa.Column("closing", sa.LargeBinary(), nullable=True),
        sa.Column("texts", sa.LargeBinary(), nullable=True),
        sa.Column("left_out", Json, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        _id("by_id"),
        _instant("at"),
        _points("memo_drafts", "review_id", "case_reviews"),
        _points("memo_drafts", "by_id", "people"),
        *_ends("memo_drafts", ("review_id",)),
    )


def _releases() -> None:
    op.create_table(
        "memo_releases",
        _id("id"),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        _id("review_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        _instant("final_at"),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("ratings", _one_of("memoratings", *RATINGS), nullable=False),
        _id("released_by_id", nullable=True),
        _instant("released_at"),
        _points("memo_releases", "review_id", "case_reviews"),
        _points("memo_releases", "released_by_id", "people"),
        *_ends("memo_releases", ("public_id",), ("review_id", "number")),
    )
    for column in ("review_id", "released_by_id"):
        op.create_index(op.f(f"ix_memo_releases_{column}"), "memo_releases", [column])


def _acknowledgements() -> None:
    op.create_table(
        "memo_acknowledgements",
        _id("id"),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        _id("release_id"),
        _id("person_id"),
        sa.Column("kind", _one_of("staffkind", *STAFF), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        _instant("at"),
        _points("memo_acknowledgements", "release_id", "memo_releases"),
        _points("memo_acknowledgements", "person_id", "people"),
        *_ends("memo_acknowledgements", ("public_id",), ("release_id", "person_id")),
    )
    for column in ("release_id", "person_id"):
        table = "memo_acknowledgements"
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


# a review that was reopened has no end any more: its memo is as old as the first who read it
_RELEASED = """
insert into memo_releases (public_id, review_id, number, final_at, ratings, released_at)
select r.public_id, r.id, 1, coalesce(r.final_at, a.at), 'everybody', coalesce(r.final_at, a.at)
from case_reviews r
left join (select review_id, min(at) as at from acknowledgements group by review_id) a
  on a.review_id = r.id
where (r.final_at is not null and r.purpose = 'scored' and r.reading = 1
       and r.imported_digest is null)
   or a.at is not null
"""
_READ = """
insert into memo_acknowledgements (id, public_id, release_id, person_id, kind, words, at)
select a.id, a.public_id, m.id, a.person_id,
  case when exists (
    select 1 from case_reviews r join case_staff s on s.case_id = r.case_id
    join people p on p.staff_id = s.staff_id
    where r.id = a.review_id and p.id = a.person_id and s.kind = 'caseworker'
  ) then 'caseworker' else 'supervisor' end, a.words, a.at
from acknowledgements a join memo_releases m on m.review_id = a.review_id
"""
_BACK = """
insert into acknowledgements (id, public_id, review_id, person_id, words, at)
select a.id, a.public_id, m.review_id, a.person_id, a.words, a.at
from memo_acknowledgements a join memo_releases m on m.id = a.release_id
where a.id in (
  select min(b.id) from memo_acknowledgements b join memo_releases n on n.id = b.release_id
  group by n.review_id, b.person_id
)
"""


def _count_on(table: str) -> None:
    """Rows came in with their ids: the sequence goes on after them."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"select setval(pg_get_serial_sequence('{table}', 'id'),"
            f" (select coalesce(max(id), 0) + 1 from {table}), false)"
        )


def upgrade() -> None:
    column = sa.Column("memo_ratings", sa.String(40), nullable=False, server_default="supervisors")
    op.add_column("rounds", column)
    _debriefs()
    _drafts()
    _releases()
    _acknowledgements()
    op.execute(_RELEASED)
    op.execute(_READ)
    _count_on("memo_acknowledgements")
    op.drop_table("acknowledgements")


def _acknowledgements_before() -> None:
    op.create_table(
        "acknowledgements",
        _id("id"),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        _id("review_id"),
        _id("person_id"),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        _instant("at"),
        _points("acknowledgements", "review_id", "case_reviews"),
        _points("acknowledgements", "person_id", "people"),
        *_ends("acknowledgements", ("public_id",), ("review_id", "person_id")),
    )
    for column in ("review_id", "person_id"):
        op.create_index(op.f(f"ix_acknowledgements_{column}"), "acknowledgements", [column])


def downgrade() -> None:
    _acknowledgements_before()
    op.execute(_BACK)
    _count_on("acknowledgements")
    for table in ("memo_acknowledgements", "memo_releases", "memo_drafts", "debriefs"):
        op.drop_table(table)
    op.drop_column("rounds", "memo_ratings")
