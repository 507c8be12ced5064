namespace TelemetryHub.Mqtt.Tests.Client;

/// <summary>How long a test waits for what must come, before it fails instead of hanging.</summary>
public static class Limits
{
    public static CancellationToken Patience()
    {
        var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return CancellationTokenSource.CreateLinkedTokenSource(limit.Token, TestContext.Current.CancellationToken).Token;
    }

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Patience());

    public static Task Soon(this Task task) => task.WaitAsync(Patience());

    public static Task<T> Soon<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(Patience());
}
