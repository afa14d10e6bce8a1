/**
 * Computes the SHA-256 of a file for the field within. The file stays on the computer of the user. Without a script, or where the browser
 * cannot compute it, the field can be typed.
 */
class FileHash extends HTMLElement {
  connectedCallback(): void {
    const field = this.querySelector('input');
    if (!field || !('subtle' in crypto) || this.querySelector('input[type="file"]')) return;
    const file = document.createElement('input');
    file.type = 'file';
    file.setAttribute('aria-label', this.dataset['label'] ?? '');
    file.addEventListener('change', () => void this.#compute(file, field));
    field.after(file);
  }

  async #compute({ files }: HTMLInputElement, field: HTMLInputElement): Promise<void> {
    const [chosen] = files ?? [];
    if (!chosen) return;
    const digest = await crypto.subtle.digest('SHA-256', await chosen.arrayBuffer());
    field.value = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  }
}

customElements.define('file-hash', FileHash);
