import { render } from 'preact';
import { Page } from './pages/sandbox/page';
import './style/base.css';
import './pages/sandbox/page.css';

const root = document.getElementById('app');
if (root) render(<Page />, root);
