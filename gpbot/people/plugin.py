"""What people bring: the roster, and whose account it is that acts."""

from collections import Counter

from sqlalchemy.orm import Session

from gpbot.kit import Health, Kit, Surface, Workflow
from gpbot.people import organisations, roles
from gpbot.people.accounts import KnownAccounts
from gpbot.people.home import RosterSection
from gpbot.people.known_as import KnownAs
from gpbot.people.listeners import OrganisationListeners, PeopleListeners
from gpbot.people.member_list import MembersPage, member_list
from gpbot.people.members import roster
from gpbot.people.workflow import People
from gpbot.people.writers import Writers


def use_cases(kit: Kit) -> None:
    settings = kit.settings
    people = kit.add(People(kit.database, kit.audit, kit.keyring))
    kit.add(KnownAs(kit.keyring, kit.database.clock))

    def redraw_holders(session: Session) -> None:
        for holder in roster(session).everyone:
            kit.screens.redraw_home(session, holder.slack_id)

    people.organisation_set.connect(redraw_holders)
    people.roster_changed.connect(lambda session, _who: kit.screens.redraw_homes(session, people.who_can_act(session)))
    kit.seal_what_stands.append(people.seal_what_stands)
    kit.before_slack.append(
        lambda: people.seed(settings.champions, settings.escalation_contacts, dict(settings.organisations))
    )
    kit.health.append(lambda: _health(people))


def surface(kit: Kit, slack: Surface) -> None:
    people, gateway, team_id = kit.get(People), slack.gateway, slack.identity.team_id
    accounts = kit.add(KnownAccounts(people, gateway.user_info, team_id=team_id))
    slack.door.asks(accounts, slack.windows)
    slack.routes.asks_roles(lambda user_id: people.roster().role_of(user_id), slack.windows.show)
    slack.home.first_ask(lambda user_id: slack.door.words(accounts.find_out(user_id)))
    kit.add(Writers(gateway.user_info))
    listeners = kit.add(slack.listen(PeopleListeners(people, gateway.user_info, team_id=team_id)))
    listeners.heard_of.connect(accounts.changed)
    slack.listen(OrganisationListeners(slack.windows, people))
    slack.home.section(20, RosterSection(kit.community, people))
    members = kit.add(member_list(kit.database, kit.outbox, people, gateway.users_page, team_id=team_id))
    slack.send(MembersPage, members)
    slack.at_start += [listeners.learn_roster, members.begin]


def _health(people: People) -> Health:
    roster = people.roster()
    all_known = not any(holder.name == holder.slack_id for holder in roster.everyone)
    barred = Counter(roles.why(holder.bar) for holder in roster.everyone if holder.bar is not None)
    return Health(
        shows={
            "names": "ok" if all_known else "Slack has not told the names of everyone on the roster",
            "roles": "; ".join(f"{number} on the roster cannot act: {why}" for why, number in barred.items()) or "ok",
            "organisations": organisations.WORDS[organisations.standing(roster)],
            "roster": "altered in the database: what was altered counts for nothing" if people.is_altered else "ok",
            "champions": len(roster.active_champion_ids),
            "escalation_contacts": len(roster.active_contact_ids),
        },
        ok=bool(roster.active_contact_ids) and all_known and not people.is_altered,
    )


WORKFLOW = Workflow(
    name="people",
    use_cases=use_cases,
    surface=surface,
    listeners=(PeopleListeners, OrganisationListeners),
    jobs=(MembersPage.KIND,),
    commands="gpbot.people.commands",
)
