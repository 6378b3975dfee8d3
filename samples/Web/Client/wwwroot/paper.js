// A canvas to draw on, by pointer or by keyboard. It hands the ink over to .NET, one picture after the other.

const pen = 22, step = 10;

export function attach(canvas, mark, penState, section, side) {
    const context = canvas.getContext('2d', { willReadFrequently: true });
    const small = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    small.canvas.width = small.canvas.height = side;
    context.lineWidth = pen;
    context.lineCap = context.lineJoin = 'round';

    const ending = new AbortController();
    const on = (type, listener) => canvas.addEventListener(type, listener, { signal: ending.signal });
    let busy = false, waiting = false;

    async function send() {
        waiting = true;
        if (busy) {
            return;
        }

        busy = true;
        try {
            while (waiting && !ending.signal.aborted) {
                waiting = false;

                // Let the browser paint the line first.
                await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
                await section.invokeMethodAsync('DrawnAsync', inkOf());
            }
        } finally {
            busy = false;
        }
    }

    function inkOf() {
        small.clearRect(0, 0, side, side);
        small.drawImage(canvas, 0, 0, side, side);
        const rgba = small.getImageData(0, 0, side, side).data;
        return Uint8Array.from({ length: side * side }, (_, i) => rgba[4 * i + 3]);
    }

    function line(from, to) {
        context.beginPath();
        context.moveTo(from.x, from.y);
        context.lineTo(to.x, to.y);
        context.stroke();
        send();
    }

    function clear() {
        context.clearRect(0, 0, canvas.width, canvas.height);
    }

    // One pointer draws: a second finger does nothing.
    let pointer = null, place = null;

    function placeOf(event) {
        const box = canvas.getBoundingClientRect();
        return { x: (event.clientX - box.left) * canvas.width / box.width, y: (event.clientY - box.top) * canvas.height / box.height };
    }

    function lift(event) {
        if (event.pointerId === pointer) {
            pointer = null;
        }
    }

    on('pointerdown', event => {
        if (event.isPrimary && event.button === 0) {
            canvas.setPointerCapture(event.pointerId);
            pointer = event.pointerId;
            place = placeOf(event);
            line(place, place);
        }
    });
    on('pointermove', event => {
        if (event.pointerId === pointer) {
            for (const one of event.getCoalescedEvents?.() ?? [event]) {
                const next = placeOf(one);
                line(place, next);
                place = next;
            }
        }
    });
    on('pointerup', lift);
    on('pointercancel', lift);

    // The keyboard's pen.
    let cursor = { x: canvas.width / 2, y: canvas.height / 4 }, isDown = false;

    function putPen(down) {
        if (isDown !== down) {
            isDown = down;
            penState.textContent = down ? 'Pen down' : 'Pen up';
        }

        mark.style.left = `${100 * cursor.x / canvas.width}%`;
        mark.style.top = `${100 * cursor.y / canvas.height}%`;
        mark.classList.toggle('down', isDown);
    }

    on('focus', () => {
        mark.hidden = !canvas.matches(':focus-visible');
        putPen(false);
    });
    on('blur', () => {
        mark.hidden = true;
        putPen(false);
    });
    on('keydown', event => {
        const move = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
        if (event.altKey || event.ctrlKey || event.metaKey) {
            return;
        } else if (move) {
            const next = {
                x: Math.min(canvas.width, Math.max(0, cursor.x + move[0])),
                y: Math.min(canvas.height, Math.max(0, cursor.y + move[1])),
            };
            if (isDown) {
                line(cursor, next);
            }

            cursor = next;
            putPen(isDown);
        } else if (event.key === ' ') {
            if (!event.repeat) {
                putPen(!isDown);
                if (isDown) {
                    line(cursor, cursor);
                }
            }
        } else if (event.key === 'Delete' || event.key === 'Backspace') {
            clear();
            send();
        } else {
            return;
        }

        mark.hidden = false;
        event.preventDefault();
    });

    return {
        clear,

        // A picture of bytes: 0 is paper, 255 is ink.
        show(pixels, width) {
            const image = new ImageData(width, pixels.length / width);
            pixels.forEach((ink, i) => image.data[4 * i + 3] = ink);
            small.clearRect(0, 0, side, side);
            small.putImageData(image, 0, 0);
            clear();
            context.drawImage(small.canvas, 0, 0, width, image.height, 0, 0, canvas.width, canvas.height);
        },

        detach() {
            ending.abort();
        },
    };
}
