namespace TelemetryHub.Broker.Sessions;

/// <summary>Sessions whose queue the disk did not give back, and when they ask again. Any thread.</summary>
internal sealed class DelayedReads(MqttBroker broker)
{
    /// <summary>So often it is tried again, for about a minute; what cannot be read then is given up.</summary>
    public const int MaxTries = 6;

    private readonly Lock _gate = new(); // guards the list
    private readonly List<(Session Session, long DueAt)> _waiting = [];

    /// <summary>How long to wait after so many failures in a row: 1 s, then twice as long each time.</summary>
    public static TimeSpan DelayAfter(int failures) => TimeSpan.FromSeconds(1 << (failures - 1));

    /// <summary>The session is told when it may try again.</summary>
    public void Add(Session session, int failures)
    {
        var delay = DelayAfter(failures);
        lock (_gate)
            _waiting.Add((session, broker.Milliseconds + (long)delay.TotalMilliseconds));
        broker.ReportUnreadable(delay);
    }

    public void Tick()
    {
        List<Session> due = [];
        lock (_gate)
        {
            if (_waiting.Count == 0)
                return;
            var now = broker.Milliseconds;
            due.AddRange(_waiting.Where(wait => wait.DueAt <= now).Select(wait => wait.Session));
            _waiting.RemoveAll(wait => wait.DueAt <= now);
        }
        due.ForEach(session => session.ReadAgain());
    }
}
