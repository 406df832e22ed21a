import pytest
import stripe


def test_the_sdk_pages_through_everything_in_both_directions(client, session):
    made = [session().id for _ in range(7)]
    first = client.checkout.sessions.list({"limit": 3})
    assert [one.id for one in first.auto_paging_iter()] == made[::-1]
    back = client.checkout.sessions.list({"limit": 2, "ending_before": made[0]})
    assert [one.id for one in back.auto_paging_iter()] == made[1:]


def test_customers_are_paged_in_both_directions(client):
    made = [client.customers.create({"name": str(number)}).id for number in range(5)]
    assert [one.id for one in client.customers.list({"limit": 2}).auto_paging_iter()] == made[::-1]
    back = client.customers.list({"limit": 2, "ending_before": made[0]})
    assert [one.id for one in back.auto_paging_iter()] == made[1:]


def test_a_page_has_ten_and_between_one_and_a_hundred_on_request(client, session):
    for _ in range(11):
        session()
    listed = client.checkout.sessions.list()
    assert (len(listed.data), listed.has_more, listed.url) == (10, True, "/v1/checkout/sessions")
    assert len(client.checkout.sessions.list({"limit": 0}).data) == 1
    assert len(client.checkout.sessions.list({"limit": 999}).data) == 11


def test_a_cursor_that_does_not_exist_is_400(client):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        client.charges.list({"starting_after": "ch_none"})
    assert (caught.value.http_status, caught.value.param) == (400, "starting_after")


def test_lists_are_narrowed_by_time(client, session):
    made = session()
    at = made.created
    assert client.checkout.sessions.list({"created": {"gte": at, "lt": at + 1}}).data == [made]
    assert client.checkout.sessions.list({"created": {"gt": at}}).data == []
    assert client.checkout.sessions.list({"created": at}).data == [made]


def test_what_is_nested_is_expanded_four_levels_deep(client, paid):
    session = paid()
    listed = client.checkout.sessions.list({"expand": ["data.payment_intent.latest_charge.payment_intent"]})
    assert listed.data[0].payment_intent.latest_charge.payment_intent.id == session.payment_intent.id


def test_what_cannot_be_expanded_is_refused(client, session):
    made = session()
    for wrong in ["amount_total", "nothing", "line_items.nothing", "payment_intent.nothing"]:
        with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
            client.checkout.sessions.retrieve(made.id, {"expand": [wrong]})


def test_what_is_deleted_while_its_list_is_read_does_not_end_the_list(client):
    for _ in range(7):
        client.customers.create({"email": "gone@example.com"})
    deleted = [client.customers.delete(one.id)
               for one in client.customers.list({"email": "gone@example.com", "limit": 2}).auto_paging_iter()]
    assert len(deleted) == 7
    assert client.customers.list({"email": "gone@example.com"}).data == []


def test_an_id_that_has_to_be_escaped_is_found(client):
    for id in ["my print", "a/b", "für 5% + mehr"]:
        client.products.create({"id": id, "name": "Print"})
        assert client.products.retrieve(id).id == id
        assert client.products.delete(id).deleted
