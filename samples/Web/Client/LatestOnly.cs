using System;
using System.Threading.Tasks;

namespace Samples.Web.Client;

/// <summary>Runs work one after the other. Of all that comes while it works, only the latest is done.</summary>
internal sealed class LatestOnly
{
    private Func<Func<bool>, Task>? _next;
    private bool _isRunning;
    private int _number;

    /// <summary>Results of what is running are no longer wanted.</summary>
    public void Forget()
    {
        _next = null;
        _number++;
    }

    /// <summary>Does the work, or leaves it to the call that is running.</summary>
    /// <param name="work">Receives a function that says whether its result is still wanted.</param>
    public async Task RunAsync(Func<Func<bool>, Task> work)
    {
        _next = work;
        if (_isRunning)
        {
            return;
        }

        _isRunning = true;
        try
        {
            while (_next is { } now)
            {
                _next = null;
                int number = _number;
                await now(() => number == _number);
            }
        }
        finally
        {
            _isRunning = false;
        }
    }
}
