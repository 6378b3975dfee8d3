using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Strata.Serving.Models;

namespace Strata.Serving.Hosting;

/// <summary>Loads the models before the server takes requests, and looks at their files while it runs.</summary>
internal sealed partial class ModelLoading(
    ModelRepository repository, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<ModelLoading> logger)
    : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private Task _watching = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (ServedModel model in repository.Models.Where(model => model.Options.LoadAtStart))
        {
            try
            {
                await model.LoadAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (ServedModel.IsAboutWeights(e))
            {
                EndApp(model);
                return;
            }
        }

        _watching = Task.WhenAll(repository.Models
            .Where(model => model is { Options.WatchInterval: not null, WeightsPath: not null }).Select(WatchAsync));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
        foreach (ServedModel model in repository.Models)
        {
            await model.UnloadAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => _end.Dispose();

    /// <summary>
    /// Ends the app with an exit code. An exception would do so, too, but nothing catches it: .NET would abort the process, with a stack
    /// that tells nothing about the file.
    /// </summary>
    private void EndApp(ServedModel model)
    {
        Log.Ends(logger, model.Name);
        Environment.ExitCode = 1;
        lifetime.ApplicationStarted.Register(lifetime.StopApplication);
    }

    private async Task WatchAsync(ServedModel model)
    {
        using var timer = new PeriodicTimer(model.Options.WatchInterval!.Value, time);
        FileStamp? before = model.Stamp, refused = null;
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token).ConfigureAwait(false))
            {
                FileStamp? now = StampOf(model);

                // A file that still grows is read when it has come to rest. Files that are renamed into place are read at the next look.
                bool isAtRest = now == before;
                before = now;
                if (now is not null && now != model.Stamp && now != refused && isAtRest && model.State == ModelState.Ready)
                {
                    refused = await HasBeenReadAsync(model).ConfigureAwait(false) ? now : null;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The app ends.
        }
    }

    /// <summary>Loads a model. If that fails, the log has it, and the old weights go on serving.</summary>
    /// <returns>False if the next look should try again: what kept the file from being read may pass. Its content stays as it is.</returns>
    private async Task<bool> HasBeenReadAsync(ServedModel model)
    {
        try
        {
            await model.LoadAsync(_end.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return e is InvalidDataException or FormatException;
        }
    }

    /// <summary>The stamp of a model's file; null if there is none, or it cannot be told now.</summary>
    private FileStamp? StampOf(ServedModel model)
    {
        try
        {
            return FileStamp.Read(model.WeightsPath!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NotSeen(logger, e, model.Name, model.WeightsPath!);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "The app ends, since model {Model} cannot serve.")]
        public static partial void Ends(ILogger logger, string model);

        [LoggerMessage(LogLevel.Warning, "Model {Model}: its file of weights cannot be looked at now ({Path}).")]
        public static partial void NotSeen(ILogger logger, Exception exception, string model, string path);
    }
}
