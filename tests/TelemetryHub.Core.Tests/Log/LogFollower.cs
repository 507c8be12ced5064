using System.Text;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Core.Tests.Log;

/// <summary>Stands in for the router: reads in order and says how far it is. Any thread follows; one at a time does.</summary>
internal sealed class LogFollower(ILog log)
{
    private readonly Event[] _batch = new Event[100];
    private readonly Lock _gate = new(); // guards the batch, the list and the position
    private long _position = log.Next;

    public List<(long Sequence, string Publisher, string Payload)> Seen { get; } = [];

    public void Follow()
    {
        while (log.Next != Volatile.Read(ref _position) && _gate.TryEnter())
        {
            try
            {
                var count = log.Read(_position, _batch);
                foreach (var @event in _batch.AsSpan(0, count))
                    Seen.Add((@event.Sequence, @event.Publisher.ClientId, Encoding.UTF8.GetString(@event.Payload)));
                Volatile.Write(ref _position, _position + count);
            }
            finally
            {
                _gate.Exit();
            }
            log.Routed(Volatile.Read(ref _position));
        }
    }
}
