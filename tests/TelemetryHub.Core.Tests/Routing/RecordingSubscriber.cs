using System.Text;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Routing;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Core.Tests.Routing;

/// <summary>Takes what it is handed as a session does: queues, asks once to be woken, and empties the queue when it is.</summary>
internal sealed class RecordingSubscriber(string clientId) : ISubscriber
{
    private readonly Lock _gate = new(); // guards what was delivered, and whether it is woken
    private readonly List<Delivery> _queued = [];
    private readonly List<Delivery> _taken = [];
    private bool _isWoken;
    private int _inDeliver;

    public Principal Principal { get; } = new(clientId, null);

    public bool IsReady { get; set; } = true;

    public int Wakes { get; private set; }

    /// <summary>Called in the middle of a hand-over.</summary>
    public Action<Delivery>? OnDeliver { get; init; }

    /// <summary>Whether two threads handed over at the same time.</summary>
    public bool WasCalledConcurrently { get; private set; }

    /// <summary>What it was handed and not woken for.</summary>
    public int QueuedCount
    {
        get
        {
            lock (_gate)
                return _queued.Count;
        }
    }

    public bool Deliver(in Delivery delivery)
    {
        if (Interlocked.Exchange(ref _inDeliver, 1) == 1)
            WasCalledConcurrently = true;
        OnDeliver?.Invoke(delivery);
        lock (_gate)
        {
            _queued.Add(delivery);
            Volatile.Write(ref _inDeliver, 0);
            return !_isWoken && (_isWoken = true);
        }
    }

    public void Wake()
    {
        lock (_gate)
        {
            Wakes++;
            _isWoken = false;
            _taken.AddRange(_queued);
            _queued.Clear();
        }
    }

    /// <summary>What it was handed and woken for since the last call.</summary>
    public Delivery[] Take()
    {
        lock (_gate)
        {
            Delivery[] taken = [.. _taken];
            _taken.Clear();
            return taken;
        }
    }

    /// <summary>The same in words: topic, payload, and what is not plain.</summary>
    public string[] TakeTexts() => [.. Take().Select(Text)];

    private static string Text(Delivery delivery) =>
        $"{delivery.Event.Topic}={Encoding.UTF8.GetString(delivery.Event.Payload)} q{(int)delivery.QoS}"
        + (delivery.Retain ? " retained" : "")
        + (delivery.IsReplay ? " replay" : "")
        + (delivery.Route.Identifiers.Length > 0 ? $" ids {string.Join(',', delivery.Route.Identifiers.Order())}" : "");
}
