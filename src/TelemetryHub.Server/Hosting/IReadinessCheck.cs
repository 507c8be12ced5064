namespace TelemetryHub.Server.Hosting;

/// <summary>What one part of the hub says when a load balancer asks whether to send work here. Any thread; must not block.</summary>
internal interface IReadinessCheck
{
    /// <summary>Why the hub should not get work now, as one line; null when this part can do its own.</summary>
    string? Problem { get; }

    /// <summary>What somebody has to look at although the hub can work, as one line; null when there is nothing.</summary>
    string? Warning { get; }
}
