def test_events_show_their_free_seats(transactional_db, visitor, log_in, concert):
    assert visitor.get("/api/events/").json()[0]["free_seats"] == 3

    log_in("ada").post("/api/bookings/", {"seat": concert.seats.first().pk})

    assert visitor.get("/api/events/").json()[0]["free_seats"] == 2
