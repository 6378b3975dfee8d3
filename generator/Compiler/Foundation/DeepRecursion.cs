using System;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Threading;

namespace Strata.Compiler.Foundation;

/// <summary>
/// Lets a recursion go as deep as the tree that it walks along. The compiler's threads have stacks of 1 MB on some systems: where one is
/// nearly full, the recursion goes on in a new thread, for which the old one waits.
/// </summary>
internal static class DeepRecursion
{
    private const int StackBytes = 16 << 20;

    /// <summary>Calls a function of one argument, here or in a new thread.</summary>
    public static TResult Call<T, TResult>(Func<T, TResult> function, T argument) =>
        HasRoom() ? function(argument) : CallInNewThread(function, argument);

    private static bool HasRoom()
    {
        try
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
            return true;
        }
        catch (InsufficientExecutionStackException)
        {
            return false;
        }
    }

    private static TResult CallInNewThread<T, TResult>(Func<T, TResult> function, T argument)
    {
        TResult result = default!;
        ExceptionDispatchInfo? thrown = null;
        CancellationToken token = Cancellation.Token;
        var thread = new Thread(
            () =>
            {
                using Cancellation.Scope scope = Cancellation.Use(token);
                try
                {
                    result = function(argument);
                }
                catch (Exception exception)
                {
                    thrown = ExceptionDispatchInfo.Capture(exception);
                }
            },
            StackBytes);
        thread.Start();
        thread.Join();
        thrown?.Throw();
        return result;
    }
}
