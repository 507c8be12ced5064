namespace TelemetryHub.Core.Routing;

/// <summary>
/// A lock that whoever waits gets before whoever leaves it and comes straight back. The runtime's lock lets the latter win for up to
/// 100 ms: a thread that routes batch after batch would shut out every SUBSCRIBE.
/// </summary>
internal sealed class FairLock
{
    private readonly Lock _door = new(); // held while waiting for the room, so that nobody enters before
    private readonly Lock _room = new();

    public Lock.Scope EnterScope()
    {
        lock (_door)
            return _room.EnterScope();
    }
}
