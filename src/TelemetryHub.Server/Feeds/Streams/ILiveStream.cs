namespace TelemetryHub.Server.Feeds.Streams;

/// <summary>Something that is looked after while it is open: see <see cref="StreamUpkeep"/>.</summary>
internal interface ILiveStream
{
    /// <summary>Time has passed; must be quick. One call at a time, on any thread, perhaps once more after it was removed.</summary>
    /// <param name="nowMilliseconds">What <see cref="Environment.TickCount64"/> says, the clock of <see cref="Broker.Links.Link.BlockedSince"/>.</param>
    void Tick(long nowMilliseconds);

    /// <summary>The hub stops, and has ended all readers: says so to a peer that no reader tells it. Any thread.</summary>
    void Stop();

    /// <summary>The hub cannot wait for it any longer: ends it without another word. Any thread.</summary>
    void Abort();
}
