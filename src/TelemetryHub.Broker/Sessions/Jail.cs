namespace TelemetryHub.Broker.Sessions;

/// <summary>The client ids that changed hands too often, and until when newcomers are refused. The registry's lock guards it.</summary>
internal sealed class Jail(TimeProvider time)
{
    private static readonly TimeSpan Term = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, long> _until = [];

    /// <summary>May nobody take this session over now, or once too often?</summary>
    public JailVerdict Judge(Session session)
    {
        var now = time.GetTimestamp();
        if (session.Connection is null)
            return JailVerdict.Free; // nobody is thrown out
        if (_until.TryGetValue(session.ClientId, out var until) && until > now)
            return JailVerdict.Jailed;
        if (!session.Takeovers.Add(now / (time.TimestampFrequency / 1000)))
            return JailVerdict.Free;
        _until[session.ClientId] = now + ((long)Term.TotalSeconds * time.TimestampFrequency);
        return JailVerdict.JailedNow;
    }

    /// <summary>Lets go whose time is over.</summary>
    public void Tick(long now)
    {
        if (_until.Count == 0)
            return;
        foreach (var (clientId, until) in _until.ToArray())
        {
            if (until <= now)
                _until.Remove(clientId);
        }
    }
}
