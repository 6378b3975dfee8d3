using System;
using System.ComponentModel;

namespace Strata.CompilerServices;

/// <summary>A further size of a network that was compiled at build time. Not meant to be used by hand.</summary>
/// <param name="extents">The extents of all inputs without channels.</param>
/// <param name="info">Describes the network at this size.</param>
/// <param name="program">Creates the kernels of a tier.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class DeclaredSize(int[] extents, Func<NetworkInfo> info, Func<Isa, NetworkProgram> program)
{
    internal int[] Extents => extents;

    internal NetworkInfo Info => info();

    internal NetworkProgram Program(Isa isa) => program(isa);
}
