using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Strata;

/// <summary>
/// Lets the processor take denormal numbers for 0 while kernels run: those that it reads, and those that it would write. Otherwise it is up
/// to a hundred times slower with them, and a caller who sends them makes each call so slow. .NET has no such call, but the C library does.
/// </summary>
/// <remarks>
/// The mode belongs to the thread. Two things follow from that:
/// <list type="bullet">
/// <item><description>Callers keep their own arithmetic: a scope ends before the library returns, and before it calls code of
/// others.</description></item>
/// <item><description>A thread starts with the mode of the one that starts it. The JIT's background thread starts when a method is first
/// called, or has been called often, and computes constants of any code. So a scope holds nothing but methods that are compiled once:
/// <see cref="MethodImplOptions.AggressiveOptimization"/>, or inlined into such a method.</description></item>
/// </list>
/// </remarks>
internal static unsafe class Denormals
{
    private static readonly Control Host = Control.Find();

    /// <summary>Whether this host can flush denormal numbers to 0: glibc, musl, macOS and Windows, on x64 and arm64; no browser.</summary>
    public static bool CanFlush => Host.Bits != 0;

    /// <summary>Begins a scope in which denormal numbers count as 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Scope Flush() => new(in Host, flushes: true);

    /// <summary>Begins a scope, within another one, in which denormal numbers count: for code of others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Scope Keep() => new(in Host, flushes: false);

    /// <summary>A mode of the calling thread, until <see cref="Dispose"/>.</summary>
    public ref struct Scope
    {
        private readonly ref readonly Control _control;
        private Mode _before;
        private readonly bool _isOther;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Scope(ref readonly Control control, bool flushes)
        {
            if (control.Bits == 0)
            {
                return;
            }

            _control = ref control;
            control.Read(ref _before);
            Mode mode = _before;
            mode[control.Word] = flushes ? mode[control.Word] | control.Bits : mode[control.Word] & ~control.Bits;
            if (mode[control.Word] != _before[control.Word])
            {
                _isOther = true;
                control.Write(ref mode);
            }
        }

        /// <summary>Restores the mode that the thread had before.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Dispose()
        {
            if (_isOther)
            {
                _control.Write(ref _before);
            }
        }
    }

    /// <summary>The C library's functions for the thread's floating-point mode, and what they call it.</summary>
    internal readonly struct Control
    {
        // MXCSR's DAZ and FTZ, FPCR's FZ, and Windows' name for either.
        private const uint X64 = 0x8040, Arm64 = 1 << 24, FlushDenormals = 0x0100_0000, DenormalControl = 0x0300_0000;

        private readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<Mode*, int> _get, _set;
        private readonly delegate* unmanaged[Cdecl, SuppressGCTransition]<uint*, uint, uint, int> _windows;

        private Control(nint library, string get, string set, int word, uint bits)
        {
            if (NativeLibrary.TryGetExport(library, get, out nint reader) && NativeLibrary.TryGetExport(library, set, out nint writer))
            {
                _get = (delegate* unmanaged[Cdecl, SuppressGCTransition]<Mode*, int>)reader;
                _set = (delegate* unmanaged[Cdecl, SuppressGCTransition]<Mode*, int>)writer;
                (Word, Bits) = (word, bits);
            }
        }

        private Control(nint library)
        {
            if (NativeLibrary.TryGetExport(library, "_controlfp_s", out nint control))
            {
                _windows = (delegate* unmanaged[Cdecl, SuppressGCTransition]<uint*, uint, uint, int>)control;
                Bits = FlushDenormals;
            }
        }

        /// <summary>The 32-bit word of a mode that has the bits.</summary>
        public int Word { get; }

        /// <summary>What flushes denormal numbers; 0 if the host has no such thing.</summary>
        public uint Bits { get; }

        /// <summary>Finds the functions of this host, and tries them.</summary>
        public static Control Find()
        {
            bool isX64 = RuntimeInformation.ProcessArchitecture == Architecture.X64;
            Control control = isX64 || RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? Find(isX64) : default;
            return control.Bits != 0 && control.Works() ? control : default;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Read(ref Mode mode)
        {
            fixed (Mode* place = &mode)
            {
                _ = _windows != null ? _windows((uint*)place, 0, 0) : _get(place);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Write(ref Mode mode)
        {
            fixed (Mode* place = &mode)
            {
                uint now;
                _ = _windows != null ? _windows(&now, *(uint*)place, DenormalControl) : _set(place);
            }
        }

        private static Control Find(bool isX64)
        {
            uint bits = isX64 ? X64 : Arm64;
            if (OperatingSystem.IsWindows())
            {
                return NativeLibrary.TryLoad("ucrtbase.dll", out nint ucrt) ? new Control(ucrt) : default;
            }

            if (OperatingSystem.IsMacOS())
            {
                // fenv_t is the x87's two words and MXCSR; on arm64 FPSR and FPCR, of 64 bits each.
                return NativeLibrary.TryLoad("/usr/lib/libSystem.B.dylib", out nint system)
                    ? new Control(system, "fegetenv", "fesetenv", isX64 ? 1 : 2, bits) : default;
            }

            // musl takes any name of this kind for itself.
            if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libm.so.6", out nint libm))
            {
                return default;
            }

            // A mode leaves out the exception flags, and takes a third of an environment's time. musl has environments only: an x87's 28
            // bytes in front of MXCSR. On arm64, both begin with FPCR.
            Control ofModes = new(libm, "fegetmode", "fesetmode", isX64 ? 1 : 0, bits);
            return ofModes.Bits != 0 ? ofModes : new Control(libm, "fegetenv", "fesetenv", isX64 ? 7 : 0, bits);
        }

        /// <summary>Whether denormal numbers become 0 within a scope. An emulator may not know the mode.</summary>
        private bool Works()
        {
            const float Least = float.Epsilon;
            float flushed;
            using (new Scope(in this, flushes: true))
            {
                flushed = Twice(Least);
            }

            return BitConverter.SingleToInt32Bits(flushed) == 0;
        }

        // Not inlined: the JIT would compute it.
        [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
        private static float Twice(float x) => x + x;
    }

    /// <summary>Room for any of these modes.</summary>
    [InlineArray(8)]
    internal struct Mode
    {
        private uint _first;
    }
}
