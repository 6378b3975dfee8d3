using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Kernels;

/// <summary>
/// Applies an activation to the values of a tile. A short one is written in place. For a long one, the values go to memory on the kernel's
/// stack, and a loop activates one vector after the other.
/// </summary>
/// <remarks>
/// Written in place, 24 GELUs need more registers than there are. The JIT then keeps the sums in memory all along: even the innermost loop
/// stores them.
/// </remarks>
/// <param name="activation">What is applied; null for nothing.</param>
/// <param name="count">The number of values.</param>
internal sealed class TileActivation(Activation? activation, int count)
{
    /// <summary>Fewer values leave registers for a long activation.</summary>
    private const int LeastValues = 4;

    private readonly Pointer _memory = new("activations", ElementType.Vector, IsSpan: true), _first = new("a", ElementType.Vector);

    private readonly bool _isLong = count >= LeastValues && activation is not null
        && activation.Value.All.Any(part => part is Call { Function.Home: FunctionClass.Mathematical });

    /// <summary>Declares what is needed, at the top of the kernel, outside of all loops.</summary>
    public void Declare(KernelBuilder k)
    {
        if (_isLong)
        {
            k.Add(new Allocate(_memory, _first, count));
        }
    }

    /// <summary>The activations of values, each of which is read once.</summary>
    public Expression[] Of(KernelBuilder k, Expression[] values)
    {
        if (!_isLong)
        {
            return [.. values.Select(activation.Apply)];
        }

        k.Group(() =>
        {
            for (int i = 0; i < count; i++)
            {
                k.Store(_first[i], values[i]);
            }
        });
        using (k.For("value", count, out IndexVariable value))
        {
            k.Store(_first[value], activation.Apply(_first[value].Value));
        }

        return [.. Enumerable.Range(0, count).Select(i => _first[i].Value)];
    }
}
