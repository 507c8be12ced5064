namespace TelemetryHub.EndToEnd.Tests.Programs;

/// <summary>How long a test waits for something that is going to happen. Nothing waits this long when all is well.</summary>
public static class Patience
{
    /// <summary>Generous: two cores may be busy with the other test classes.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>For the scripts that move many thousand messages.</summary>
    public static readonly TimeSpan LongLimit = TimeSpan.FromSeconds(120);

    /// <summary>Waits for <paramref name="task"/>; the failure says what was awaited.</summary>
    public static async Task<T> For<T>(Task<T> task, string what, TimeSpan? limit = null)
    {
        try
        {
            return await task.WaitAsync(limit ?? Limit, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Waited in vain for {what}.");
        }
    }

    /// <inheritdoc cref="For{T}"/>
    public static Task For(Task task, string what, TimeSpan? limit = null) => For(Completed(task), what, limit);

    private static async Task<bool> Completed(Task task)
    {
        await task;
        return true;
    }
}
